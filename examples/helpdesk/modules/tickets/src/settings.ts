/** The settings of this module. */
export interface Settings {
  /** How many tickets or replies a page has that asks for no number. */
  readonly pageSize: number;
  /** The most articles that are suggested for a new ticket; 0 for none. */
  readonly suggestions: number;
}

/** Reads the settings, which the platform has checked and completed. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const { pageSize, suggestions } = config as unknown as Settings;
  return { pageSize, suggestions };
}
