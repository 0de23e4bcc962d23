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
  readonly plugins: {
    /** Where plugins are unpacked, relative to the root; plugins.lock stands beside platform.yaml. Default `plugins`. */
    readonly folder: string;
    /** Ed25519 public keys, as base64 of the 32 bytes, whose signatures are believed. Default none. */
    readonly trustedKeys: readonly string[];
    /** `required`: a plugin without a signature by a trusted key is refused. Default `optional`. */
    readonly signatures: "optional" | "required";
  };
  /** Where modules run, whatever their manifests say. A module must not stand in both lists. */
  readonly isolation: {
    /** Names of modules that get a process of their own. */
    readonly process: readonly string[];
    /** Names of modules that run in the host's process. */
    readonly inProcess: readonly string[];
  };
  /** How often and how soon a module that failed while running is started again. Times in milliseconds. */
  readonly restart: {
    /** The most restarts within `window`; 0 for none. Default 5. */
    readonly max: number;
    /** Default 60,000. */
    readonly window: number;
    /** The pause before the first restart; it doubles with each one within the window, up to `maxBackoff`. Default 500. */
    readonly backoff: number;
    /** Default 30,000. */
    readonly maxBackoff: number;
  };
  /** `off`: the platform cannot be asked and told things by `platformctl` while it runs. Default `on`. */
  readonly control: "on" | "off";
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
    plugins: {
      type: "object",
      properties: {
        folder: {
          type: "string",
          minLength: 1,
          default: "plugins",
          description: "The folder that plugins are unpacked in, relative to this file.",
        },
        trustedKeys: {
          type: "array",
          items: { type: "string", minLength: 1 },
          default: [],
          description: "Ed25519 public keys, in base64, whose signatures of plugins are believed.",
        },
        signatures: {
          type: "string",
          enum: ["optional", "required"],
          default: "optional",
          description: "required: a plugin that no trusted key has signed is refused.",
        },
      },
      additionalProperties: false,
      description: "Modules that were installed after the build.",
    },
    isolation: {
      type: "object",
      properties: {
        process: {
          type: "array",
          items: { type: "string", minLength: 1 },
          default: [],
          description: "Modules that run in a process of their own, whatever their manifests say.",
        },
        inProcess: {
          type: "array",
          items: { type: "string", minLength: 1 },
          default: [],
          description: "Modules that run in the platform's own process, whatever their manifests say.",
        },
      },
      additionalProperties: false,
      description: "Where modules run.",
    },
    restart: {
      type: "object",
      properties: {
        max: { type: "integer", minimum: 0, default: 5, description: "The most restarts of a module in a window." },
        window: {
          type: "string",
          format: "duration",
          default: "60s",
          description: "The time in which restarts count.",
        },
        backoff: {
          type: "string",
          format: "duration",
          default: "500ms",
          description: "The pause before the first restart.",
        },
        maxBackoff: {
          type: "string",
          format: "duration",
          default: "30s",
          description: "The longest pause before a restart.",
        },
      },
      additionalProperties: false,
      description: "How a module that fails while it runs is started again.",
    },
    control: {
      type: "string",
      enum: ["on", "off"],
      default: "on",
      description: "off: platformctl can neither look into the running platform nor tell it anything.",
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
  readonly plugins: PlatformKeys["plugins"];
  readonly isolation: PlatformKeys["isolation"];
  readonly restart: {
    readonly max: number;
    readonly window: string;
    readonly backoff: string;
    readonly maxBackoff: string;
  };
  readonly control: PlatformKeys["control"];
}

/**
 * What holds where nothing else is said of a platform with this root, or without one.
 *
 * @param modulesKnown `false` where no modules may be guessed.
 */
export function defaultKeys(root: string | undefined, modulesKnown: boolean): WrittenKeys {
  const { modules, stop, log, plugins, isolation, restart, control } = platformKeysSchema.properties;
  return {
    name: root === undefined ? "platform" : path.basename(root),
    modules: root !== undefined && modulesKnown && existsSync(path.join(root, "modules")) ? modules.default : [],
    stop: { timeout: stop.properties.timeout.default },
    log: { level: log.properties.level.default, format: log.properties.format.default },
    plugins: {
      folder: plugins.properties.folder.default,
      trustedKeys: plugins.properties.trustedKeys.default,
      signatures: plugins.properties.signatures.default,
    },
    isolation: {
      process: isolation.properties.process.default,
      inProcess: isolation.properties.inProcess.default,
    },
    restart: {
      max: restart.properties.max.default,
      window: restart.properties.window.default,
      backoff: restart.properties.backoff.default,
      maxBackoff: restart.properties.maxBackoff.default,
    },
    control: control.default,
  };
}

/** The own keys in the units that the platform works with. */
export function platformKeys(written: WrittenKeys): PlatformKeys {
  const { stop, restart } = written;
  return {
    ...written,
    stop: { timeout: milliseconds(stop.timeout) },
    restart: {
      max: restart.max,
      window: milliseconds(restart.window),
      backoff: milliseconds(restart.backoff),
      maxBackoff: milliseconds(restart.maxBackoff),
    },
  };
}

function milliseconds(duration: string): number {
  return parseDuration(duration) ?? 0;
}
