/** A file of a module's folder that is part of the program, as in a bundle. */
export interface ModuleFile {
  readonly text: string;
  /** Imports the file; set where it is code. */
  readonly load?: () => Promise<{ readonly default?: unknown }>;
}

/** Files by their paths in the module's folder, with slashes: `migrations/0001_create_tickets.sql`. */
export type ModuleFiles = Readonly<Record<string, ModuleFile>>;
