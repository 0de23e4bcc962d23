/** The settings of this module. */
export interface Settings {
  /** How many notifications of a user are kept; the oldest go first. */
  readonly keep: number;
}

/** Reads the settings, which the platform has checked and completed. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const { keep } = config as { readonly keep: number };
  return { keep };
}
