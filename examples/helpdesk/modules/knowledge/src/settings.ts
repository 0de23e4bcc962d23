/** The settings of this module. */
export interface Settings {
  /** How many articles a page has that asks for no number. */
  readonly pageSize: number;
}

/** Reads the settings, which the platform has checked and completed. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const { pageSize } = config as { readonly pageSize: number };
  return { pageSize };
}
