import { type Dirent, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type PlatformError, platformError } from "@plinth/module";
import { reasonOf } from "../sqlstate.ts";
import { checksum, normalised } from "./checksum.ts";
import { isBystander, type MigrationFile, type MigrationMode, numberOf } from "./migration-file.ts";
import { scanStatements } from "./sql-statements.ts";
import { positionAt } from "./text-position.ts";
import { controlsTransaction } from "./transaction-control.ts";

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
export function readMigrations(place: MigrationsFolder): FoundMigrations {
  const { module, root, folder } = place;
  const at = place.manifest === undefined ? [] : [{ file: place.manifest }];
  const path = join(root, folder);
  const found = entriesOf(path);
  if (found === undefined) {
    return { files: [], problems: [platformError("MIGRATIONS_FOLDER_MISSING", { module, folder }, { at })] };
  }
  if (!isInside(realpathSync(root), realpathSync(path))) {
    return { files: [], problems: [platformError("MIGRATIONS_OUTSIDE", { module, folder }, { at })] };
  }
  const files: MigrationFile[] = [];
  const problems: PlatformError[] = [];
  for (const entry of found) {
    if (isBystander(entry.name)) continue;
    if (entry.isSymbolicLink() && !isInside(realpathSync(root), realOf(join(path, entry.name)))) {
      const file = join(path, entry.name);
      problems.push(
        platformError("MIGRATIONS_OUTSIDE", { module, folder: join(folder, entry.name) }, { at: [{ file }] }),
      );
      continue;
    }
    const read = readMigration(module, path, entry.name);
    files.push(...read.files);
    problems.push(...read.problems);
  }
  files.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  return { files, problems: [...problems, ...numberProblems(files)] };
}

function entriesOf(path: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
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

function readMigration(module: string, folder: string, name: string): FoundMigrations {
  const path = join(folder, name);
  const number = numberOf(name);
  if (number === undefined) {
    return {
      files: [],
      problems: [platformError("MIGRATIONS_BAD_NAME", { module, file: name }, { at: [{ file: path }] })],
    };
  }
  let text: string;
  try {
    text = normalised(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path)));
  } catch (cause) {
    const values = { module, file: name, reason: reasonOf(cause) };
    return { files: [], problems: [platformError("MIGRATIONS_UNREADABLE", values, { at: [{ file: path }], cause })] };
  }
  const sql = name.endsWith(".sql") ? text : undefined;
  const mode = sql === undefined ? "transaction" : modeOf(sql);
  const file = { module, number, name, path, checksum: checksum(text), sql, mode: mode ?? "transaction" } as const;
  const problem =
    mode === undefined ? directiveProblem(file, text) : sql === undefined ? undefined : sqlProblem(file, sql);
  return { files: [file], problems: problem === undefined ? [] : [problem] };
}

const directives: Readonly<Record<string, MigrationMode>> = {
  "no-transaction": "bare",
  "no-transaction repeatable": "repeatable",
};

/** How a text asks to be run, in its first line; `undefined` for a directive that means nothing. */
function modeOf(sql: string): MigrationMode | undefined {
  const directive = directiveOf(sql);
  return directive === undefined ? "transaction" : directives[directive];
}

function directiveOf(sql: string): string | undefined {
  return /^--\s*plinth:\s*(.*?)\s*(?:\n|$)/.exec(sql)?.[1];
}

function directiveProblem({ module, name, path }: MigrationFile, sql: string): PlatformError {
  const values = { module, file: name, directive: `-- plinth: ${directiveOf(sql)}` };
  return platformError("MIGRATIONS_DIRECTIVE", values, { at: [{ file: path, line: 1, column: 1 }] });
}

function sqlProblem({ module, name, path }: MigrationFile, sql: string): PlatformError | undefined {
  const { statements, unterminated } = scanStatements(sql);
  const place = (offset: number) => ({ at: [{ file: path, ...positionAt(sql, offset) }] });
  if (statements === undefined) {
    const { what, offset } = unterminated;
    return platformError("MIGRATIONS_UNTERMINATED", { module, file: name, what }, place(offset));
  }
  if (statements.length === 0) {
    return platformError("MIGRATIONS_EMPTY", { module, file: name }, { at: [{ file: path }] });
  }
  const control = statements.find(controlsTransaction);
  if (control === undefined) return undefined;
  const values = { module, file: name, statement: control.words.join(" ").toUpperCase() };
  return platformError("MIGRATIONS_TRANSACTION_CONTROL", values, place(control.start));
}

/** Numbers that are there twice or not at all, in files ordered by number. */
function numberProblems(files: readonly MigrationFile[]): PlatformError[] {
  const problems: PlatformError[] = [];
  let expected = 1;
  let before: MigrationFile | undefined;
  for (const file of files) {
    const { module, number, name, path } = file;
    if (number === before?.number) {
      const values = { module, number, first: before.name, second: name };
      problems.push(platformError("MIGRATIONS_DUPLICATE", values, { at: [{ file: before.path }, { file: path }] }));
    } else if (number > expected) {
      problems.push(
        platformError("MIGRATIONS_GAP", { module, number: expected, file: name }, { at: [{ file: path }] }),
      );
    }
    before = file;
    expected = number + 1;
  }
  return problems;
}
