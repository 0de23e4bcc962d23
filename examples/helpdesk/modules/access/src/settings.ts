import { parseDuration } from "@plinth/module";

/** The settings of this module, times in milliseconds. */
export interface Settings {
  readonly defaultRole: string;
  readonly maxAgeMs: number;
}

/** Reads the settings, which the platform has checked and completed. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const { defaultRole, maxAge } = config as { readonly defaultRole: string; readonly maxAge: string };
  return { defaultRole, maxAgeMs: parseDuration(maxAge) ?? 0 };
}
