import type { ModuleFile, PlatformError } from "@plinth/module";

/** A file among a module's migrations, not read yet. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
  /** The file, or why it is refused. @throws what the system says where it cannot be read. */
  read(): ModuleFile | PlatformError;
}
