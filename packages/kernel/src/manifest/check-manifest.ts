import { type Manifest, type ManifestInput, type PlatformError, parseDuration, platformError } from "@plinth/module";
import { checkData } from "./check-data.ts";
import type { CoreManifest } from "./core-schema.ts";
import { type Checked, type Issue, problemsFrom, unknownKey } from "./issues.ts";
import type { ManifestSchema } from "./manifest-schema.ts";
import { inlineOrigin, type Origin } from "./origin.ts";
import { recogniseCore } from "./recognise-core.ts";
import { checkReserved } from "./reserved-names.ts";
import { describeValue, isMapping } from "./text.ts";

/** A manifest, or why there is none. */
export interface CheckedManifest {
  /** `undefined` when there are problems. */
  readonly manifest: Manifest | undefined;
  readonly problems: readonly PlatformError[];
}

/** Whose module a manifest describes. */
export interface CheckOptions {
  /** `true` for a module of the host itself, which may have the name `platform`. Default `false`. */
  readonly platform?: boolean;
}

/** Checks a manifest that stands in code by the rules for files. Its problems name the module instead of a place. */
export function checkManifest(
  input: ManifestInput | Readonly<Record<string, unknown>>,
  schema: ManifestSchema,
  options: CheckOptions = {},
): CheckedManifest {
  const origin = inlineOrigin(isMapping(input) ? input.name : undefined);
  const problems = checkData(input, origin);
  return problems.length > 0 ? { manifest: undefined, problems } : validate(input, schema, origin, options);
}

/** Checks plain data against the schema, and gives the manifest that it means. */
export function validate(
  value: unknown,
  schema: ManifestSchema,
  origin: Origin,
  options: CheckOptions = {},
): CheckedManifest {
  if (!isMapping(value)) {
    if (origin.spoilt.some((path) => path.length === 0)) return { manifest: undefined, problems: [] };
    const error = platformError(
      "MANIFEST_NOT_A_MAPPING",
      { found: describeValue(value) },
      { at: origin.at([], "value") },
    );
    return { manifest: undefined, problems: [error] };
  }
  const checked: Checked = { value, origin, jsonSchema: schema.jsonSchema };
  const problems: PlatformError[] = [];
  const core = checkCore(value, schema);
  if (!core.success) problems.push(...problemsFrom(core.error.issues, [], checked));
  problems.push(...checkReserved(value.name, origin, options.platform === true));

  const sections: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (schema.coreKeys.has(key) || value[key] === undefined) continue;
    const section = schema.sections.get(key);
    if (section === undefined) {
      problems.push(unknownKey([key], checked));
      continue;
    }
    const result = section["~standard"].validate(value[key]);
    if ("then" in result) throw platformError("MANIFEST_SECTION_ASYNC", { key });
    if (result.issues === undefined) sections[key] = result.value;
    else problems.push(...problemsFrom(result.issues as readonly Issue[], [key], checked));
  }
  if (!core.success || problems.length > 0) return { manifest: undefined, problems };
  return { manifest: toManifest(core.data, sections, origin.file), problems };
}

function checkCore(value: Readonly<Record<string, unknown>>, schema: ManifestSchema) {
  return recogniseCore(value, schema.ranges) ? { success: true as const, data: value } : schema.core.safeParse(value);
}

function toManifest(core: CoreManifest, sections: Record<string, unknown>, file: string | undefined): Manifest {
  return {
    name: core.name,
    version: core.version,
    description: core.description,
    platform: core.platform,
    dependencies: Object.entries(core.dependencies ?? {}).map(([name, dependency]) =>
      typeof dependency === "string"
        ? { name, range: dependency, optional: false }
        : { name, range: dependency.version, optional: dependency.optional ?? false },
    ),
    main: core.main,
    critical: core.critical ?? true,
    timeouts: { start: milliseconds(core.timeouts?.start), stop: milliseconds(core.timeouts?.stop) },
    sections,
    file,
  };
}

function milliseconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}
