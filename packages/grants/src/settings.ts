import { durationPattern, parseDuration } from "@plinth/module";
import { roleNameForm, roleNameLimit } from "./role.ts";

/** The section `grants` of platform.yaml. */
export interface GrantsConfig {
  /** The role of everybody who has been given none. Default: none. */
  readonly defaultRole?: string;
  /** How often the number of the last change is looked at. Default `500ms`. */
  readonly pollInterval?: string;
}

const pollInterval = "500ms";

/** JSON Schema of {@link GrantsConfig}. */
export const configSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    defaultRole: {
      type: "string",
      pattern: roleNameForm,
      maxLength: roleNameLimit,
      description: "The role of everybody who has been given none.",
    },
    pollInterval: {
      type: "string",
      pattern: durationPattern,
      default: pollInterval,
      description: "How often to look for changes of which the database has not told.",
    },
  },
} as const;

/** The settings as the code uses them. */
export interface GrantsSettings {
  readonly defaultRole: string | undefined;
  readonly pollMs: number;
}

/** Completes a section that follows {@link configSchema} with its defaults. */
export function settingsOf(config: GrantsConfig): GrantsSettings {
  return {
    defaultRole: config.defaultRole,
    pollMs: Math.max(parseDuration(config.pollInterval ?? pollInterval) ?? 0, 10),
  };
}
