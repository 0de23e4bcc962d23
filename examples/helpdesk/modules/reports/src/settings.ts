/** The settings of this module. */
export interface Settings {
  /** How many days a report covers that asks for no period. */
  readonly days: number;
}

/** Reads the settings, which the platform has checked and completed. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const { days } = config as { readonly days: number };
  return { days };
}
