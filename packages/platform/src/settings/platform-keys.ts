import { existsSync } from "node:fs";
import path from "node:path";
import { parseDuration } from "@plinth/module";
import type { JsonSchema } from "./json-schema.ts";

/** The settings of the platform itself. */
export interface PlatformKeys {
  /** Default: the name of the platform's folder. */
  readonly name: string;
  /**
   * Folders of modules, relative to the root; `*` stands for any run of characters in a name. Default
   * `["modules/*"]` where the platform has a folder `modules`, else none.
   */
  readonly modules: readonly string[];
  /** `timeout`: milliseconds that the whole stop may take. Default 30,000. */
  readonly stop: { readonly timeout: number };
  readonly log: {
    readonly level: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
    /** `auto`: pretty on a terminal, otherwise JSON. */
    readonly format: "auto" | "json" | "pretty";
  };
}

/** The schema of the platform's own keys of platform.yaml. */
export const platformKeysSchema = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1, description: "The name of the platform. Default: the name of its folder." },
    modules: {
      type: "array",
      items: { type: "string", minLength: 1 },
      default: ["modules/*"],
      description: "Folders of modules, relative to this file; * stands for any run of characters in a name.",
    },
    stop: {
      type: "object",
      properties: {
        timeout: { type: "string", format: "duration", default: "30s", description: "What the whole stop may take." },
      },
      additionalProperties: false,
      description: "How the platform stops.",
    },
    log: {
      type: "object",
      properties: {
        level: {
          type: "string",
          enum: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
          default: "info",
          description: "The least severe level that is written.",
        },
        format: {
          type: "string",
          enum: ["auto", "json", "pretty"],
          default: "auto",
          description: "auto: pretty on a terminal, otherwise JSON.",
        },
      },
      additionalProperties: false,
      description: "What the platform writes to its log.",
    },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

/** The top-level keys of platform.yaml that are no module's. No module may have one of these names. */
export const platformKeyNames: readonly string[] = Object.keys(platformKeysSchema.properties);

/** The own keys as platform.yaml writes them, all of them valid. */
export interface WrittenKeys {
  readonly name: string;
  readonly modules: readonly string[];
  readonly stop: { readonly timeout: string };
  readonly log: PlatformKeys["log"];
}

/**
 * What holds where nothing else is said of a platform with this root, or without one.
 *
 * @param modulesKnown `false` where no modules may be guessed.
 */
export function defaultKeys(root: string | undefined, modulesKnown: boolean): WrittenKeys {
  const { modules, stop, log } = platformKeysSchema.properties;
  return {
    name: root === undefined ? "platform" : path.basename(root),
    modules: root !== undefined && modulesKnown && existsSync(path.join(root, "modules")) ? modules.default : [],
    stop: { timeout: stop.properties.timeout.default },
    log: { level: log.properties.level.default, format: log.properties.format.default },
  };
}

/** The own keys in the units that the platform works with. */
export function platformKeys(written: WrittenKeys): PlatformKeys {
  return { ...written, stop: { timeout: parseDuration(written.stop.timeout) ?? 0 } };
}
