import { durationPattern, parseDuration } from "@plinth/module";
import * as z from "zod";
import { escapesLexically } from "./relative-path.ts";
import { type Ranges, rangeLimit, versionPattern } from "./semver.ts";

/** The longest name: what a DNS label and an identifier of PostgreSQL can hold. */
export const nameLimit = 63;

/** The form of a module's name. */
export const namePattern = `^[a-z][a-z0-9-]{0,${nameLimit - 1}}$`;

/** The keys of a manifest that the kernel knows; those of {@link coreSchema}. */
export const coreKeyNames: readonly string[] = [
  "name",
  "version",
  "description",
  "platform",
  "dependencies",
  "main",
  "critical",
  "timeouts",
];

const longestDurationMs = 24 * 60 * 60 * 1000;

/**
 * The keys of a manifest that the kernel knows: the one source of their validation, their types and
 * the editor's help. The message of a rule is the code of the error that it leads to.
 */
export function coreSchema(ranges: Ranges) {
  const name = z.string().regex(new RegExp(namePattern), "MANIFEST_NAME");

  const range = z
    .string()
    .max(rangeLimit, { abort: true, error: "MANIFEST_RANGE_TOO_LONG" })
    .refine(ranges.isRange, "MANIFEST_RANGE");

  const duration = z
    .string({ error: ({ input }) => (typeof input === "number" ? "MANIFEST_DURATION" : undefined) })
    .regex(new RegExp(durationPattern), { abort: true, error: "MANIFEST_DURATION" })
    .refine(isUsefulDuration, "MANIFEST_DURATION");

  const dependency = z.strictObject({
    version: range.meta({ description: "The versions that this module works with, as a semver range." }),
    optional: z.boolean().optional().meta({
      description: "The module may be absent. When it is there, it must satisfy the range. Default: false.",
    }),
  });

  return z.object({
    name: name.meta({
      description: "The module's name, in lower-case kebab; unique in a platform. Others depend on it by this name.",
      examples: ["tickets", "audit-log"],
    }),
    version: z
      .string()
      .max(rangeLimit, { abort: true, error: "MANIFEST_VERSION" })
      .regex(new RegExp(versionPattern), "MANIFEST_VERSION")
      .meta({ description: "The module's own version, by semver.", examples: ["1.4.0", "2.0.0-rc.1"] }),
    description: z
      .string()
      .optional()
      .meta({
        description: "What the module does, in a sentence.",
        examples: ["Support tickets and their replies."],
      }),
    platform: range.optional().meta({
      description: "The versions of the platform's API that the module works with, as a semver range. Default: any.",
      examples: ["^1.0.0"],
    }),
    dependencies: z
      .record(name, z.union([range, dependency]))
      .optional()
      .meta({
        description:
          "The modules that this one needs: it starts after them and may require their services. A semver range for each, or the range with options.",
        examples: [{ identity: "^1.0.0", knowledge: { version: "^2.1.0", optional: true } }],
      }),
    main: z
      .string()
      .refine((path) => escapesLexically(path) === undefined, "MANIFEST_PATH_OUTSIDE")
      .optional()
      .meta({
        description: "The entry file, relative to the module's folder. Default: src/index.ts, then index.js.",
        examples: ["src/main.ts"],
      }),
    critical: z.boolean().optional().meta({
      description:
        "Whether the platform cannot do without the module. With false it starts degraded when the module fails. Default: true.",
    }),
    timeouts: z
      .strictObject({
        start: duration.optional().meta({ description: "The budget of one start hook.", examples: ["30s"] }),
        stop: duration.optional().meta({ description: "The budget of one stop hook.", examples: ["10s"] }),
      })
      .optional()
      .meta({
        description:
          "How long one hook of the module may take: a number with ms, s, m or h. Default: what the platform sets.",
        examples: [{ start: "30s", stop: "10s" }],
      }),
  });
}

/** The core keys of a manifest after validation. */
export type CoreManifest = z.output<ReturnType<typeof coreSchema>>;

/** The core keys of a manifest as an author writes them. */
export type CoreInput = z.input<ReturnType<typeof coreSchema>>;

/** Whether a text is a duration that a timer can keep. */
export function isUsefulDuration(text: string): boolean {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= 1 && ms <= longestDurationMs;
}
