import { type Dirent, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { PlatformError, platformError } from "@plinth/module";
import { reasonOf } from "../sqlstate.ts";
import { checkNumbers, type NumberedFile } from "./check-numbers.ts";
import { checkSql } from "./check-sql.ts";
import { checksum, normalised } from "./checksum.ts";
import { isBystander, type MigrationFile, numberOf } from "./migration-file.ts";

/** Where a module's migrations are. */
export interface MigrationsFolder {
  readonly module: string;
  /** The module's own folder, absolute. */
  readonly root: string;
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
export function readMigrations({ module, root, folder, manifest }: MigrationsFolder): FoundMigrations {
  const at = manifest === undefined ? [] : [{ file: manifest }];
  const path = join(root, folder);
  const entries = entriesOf(path);
  if (entries === undefined) {
    return { files: [], problems: [platformError("MIGRATIONS_FOLDER_MISSING", { module, folder }, { at })] };
  }
  const realRoot = realpathSync(root);
  if (!isInside(realRoot, realpathSync(path))) {
    return { files: [], problems: [platformError("MIGRATIONS_OUTSIDE", { module, folder }, { at })] };
  }
  const named: NumberedFile[] = [];
  const files: MigrationFile[] = [];
  const problems: PlatformError[] = [];
  for (const entry of entries) {
    const { name } = entry;
    const file = join(path, name);
    const number = numberOf(name);
    if (number === undefined) {
      problems.push(platformError("MIGRATIONS_BAD_NAME", { module, file: name }, { at: [{ file }] }));
      continue;
    }
    named.push({ module, number, name, path: file });
    if (entry.isSymbolicLink() && !isInside(realRoot, realOf(file))) {
      problems.push(platformError("MIGRATIONS_OUTSIDE", { module, folder: join(folder, name) }, { at: [{ file }] }));
      continue;
    }
    const found = readMigration({ module, number, name, path: file });
    if (found instanceof PlatformError) {
      problems.push(found);
    } else {
      files.push(found.file);
      if (found.problem !== undefined) problems.push(found.problem);
    }
  }
  files.sort((a, b) => a.number - b.number);
  return { files, problems: [...problems, ...checkNumbers(named)] };
}

/** All that should be a migration, by name; `undefined` where the folder cannot be read. */
function entriesOf(path: string): readonly Dirent[] | undefined {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !isBystander(name));
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

/** Where a link leads; the link itself when it leads nowhere. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}

/** Reads a file as UTF-8. Only a text that has the sign for damage in it is looked at closer. */
function readText(path: string): string {
  const text = readFileSync(path, "utf8");
  if (text.includes("\uFFFD")) new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  return text;
}

interface ReadMigration {
  readonly file: MigrationFile;
  readonly problem: PlatformError | undefined;
}

function readMigration(numbered: NumberedFile): ReadMigration | PlatformError {
  const { module, name, path } = numbered;
  let text: string;
  try {
    text = normalised(readText(path));
  } catch (cause) {
    const values = { module, file: name, reason: reasonOf(cause) };
    return platformError("MIGRATIONS_UNREADABLE", values, { at: [{ file: path }], cause });
  }
  const hashed = { ...numbered, checksum: checksum(text) };
  if (!name.endsWith(".sql")) {
    return { file: { ...hashed, sql: undefined, mode: "transaction" }, problem: undefined };
  }
  const { mode, problem } = checkSql(numbered, text);
  return { file: { ...hashed, sql: text, mode }, problem };
}
