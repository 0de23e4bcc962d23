import { type ModuleFile, type ModuleFiles, PlatformError, platformError } from "@plinth/module";
import { reasonOf } from "../sqlstate.ts";
import { checkNumbers, type NumberedFile } from "./check-numbers.ts";
import { checkSql } from "./check-sql.ts";
import { checksum, normalised } from "./checksum.ts";
import { embeddedFiles } from "./embedded-files.ts";
import { folderFiles } from "./folder-files.ts";
import type { FoundFile } from "./found-file.ts";
import { isBystander, type MigrationFile, numberOf } from "./migration-file.ts";

/** Where a module's migrations are. */
export interface MigrationsFolder {
  readonly module: string;
  /** The module's own folder, absolute; `undefined` for a module without one. */
  readonly root: string | undefined;
  /** The files of the module's folder where they are part of the program; the folder is not looked at then. */
  readonly files?: ModuleFiles | undefined;
  /** As the manifest names it. */
  readonly folder: string;
  /** The manifest's file, where there is one. */
  readonly manifest: string | undefined;
}

/** What was found in a folder: the migrations by number, and everything that is wrong with them. */
export interface FoundMigrations {
  readonly files: readonly MigrationFile[];
  readonly problems: readonly PlatformError[];
}

/**
 * Reads and checks a module's migrations. Nothing is imported and no database is asked. Reading is
 * synchronous, which for many small files takes a fifth of the time.
 */
export function readMigrations(place: MigrationsFolder): FoundMigrations {
  const found = filesAt(place);
  if (found instanceof PlatformError) return { files: [], problems: [found] };
  const { module } = place;
  const named: NumberedFile[] = [];
  const files: MigrationFile[] = [];
  const problems: PlatformError[] = [];
  for (const each of found) {
    const { name, path } = each;
    if (isBystander(name)) continue;
    const number = numberOf(name);
    if (number === undefined) {
      problems.push(platformError("MIGRATIONS_BAD_NAME", { module, file: name }, { at: [{ file: path }] }));
      continue;
    }
    named.push({ module, number, name, path });
    const read = readFile(module, each);
    if (read instanceof PlatformError) {
      problems.push(read);
      continue;
    }
    const { file, problem } = migrationOf({ module, number, name, path }, read);
    files.push(file);
    if (problem !== undefined) problems.push(problem);
  }
  files.sort((a, b) => a.number - b.number);
  return { files, problems: [...problems, ...checkNumbers(named)] };
}

function filesAt({ module, root, files, folder, manifest }: MigrationsFolder): readonly FoundFile[] | PlatformError {
  if (files !== undefined) return embeddedFiles(folder, files);
  if (root === undefined) return platformError("MIGRATIONS_NO_FOLDER", { module });
  return folderFiles(root, folder, { module, at: manifest === undefined ? [] : [{ file: manifest }] });
}

function readFile(module: string, { name, path, read }: FoundFile): ModuleFile | PlatformError {
  try {
    return read();
  } catch (cause) {
    const values = { module, file: name, reason: reasonOf(cause) };
    return platformError("MIGRATIONS_UNREADABLE", values, { at: [{ file: path }], cause });
  }
}

interface CheckedMigration {
  readonly file: MigrationFile;
  readonly problem: PlatformError | undefined;
}

function migrationOf(numbered: NumberedFile, { text: written, load }: ModuleFile): CheckedMigration {
  const text = normalised(written);
  const hashed = { ...numbered, checksum: checksum(text) };
  if (!numbered.name.endsWith(".sql")) {
    const code = { ...hashed, sql: undefined, mode: "transaction" } as const;
    return { file: load === undefined ? code : { ...code, load }, problem: undefined };
  }
  const { mode, problem } = checkSql(numbered, text);
  return { file: { ...hashed, sql: text, mode }, problem };
}
