/** Imports a file by its URL and returns its namespace. */
export type ImportFile = (url: string) => Promise<{ readonly default?: unknown }>;

/** The runtime's own import. */
export const importFile: ImportFile = (url) => import(url);
