import { type PlatformError, platformError } from "@plinth/module";
import type { NewerPolicy } from "../settings.ts";
import { shortChecksum } from "./checksum.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { isCompiledFrom, type MigrationFile, type ModuleMigrations } from "./migration-file.ts";
import { type Statement, scanStatements } from "./sql-statements.ts";
import { excerpt, positionAt } from "./text-position.ts";

/** What a run has to do for one module. */
export interface ModulePlan {
  readonly module: string;
  /** In the order in which they run. */
  readonly pending: readonly MigrationFile[];
  /** By number. */
  readonly applied: readonly LedgerRow[];
  /** When there are any, nothing of the module may run. */
  readonly problems: readonly PlatformError[];
}

/** What is left to the person who runs the platform. */
export interface PlanPolicy {
  readonly newer: NewerPolicy;
}

/**
 * Holds the files of all modules against the ledger. Touches nothing: the same files and rows give the
 * same plan. Rows of modules that are not in the list are left alone.
 */
export function planMigrations(
  modules: readonly ModuleMigrations[],
  ledger: readonly LedgerRow[],
  policy: PlanPolicy,
): readonly ModulePlan[] {
  const rows = Map.groupBy(ledger, ({ module }) => module);
  return modules.map((module) => planModule(module, rows.get(module.module) ?? [], policy));
}

function planModule({ module, files }: ModuleMigrations, ledger: readonly LedgerRow[], policy: PlanPolicy): ModulePlan {
  const applied = ledger.toSorted((a, b) => a.number - b.number);
  const rows = new Map(applied.map((row) => [row.number, row]));
  const last = applied.at(-1);
  const pending: MigrationFile[] = [];
  const problems: PlatformError[] = [];
  for (const file of files) {
    const row = rows.get(file.number);
    const problem = row === undefined ? lateProblem(file, last) : rowProblem(file, row);
    if (problem !== undefined) problems.push(problem);
    if (row === undefined || row.status === "running") pending.push(file);
  }
  const end = files.at(-1);
  const newer = applied.find(({ number }) => number > (end?.number ?? 0));
  if (newer !== undefined && policy.newer === "refuse") {
    const values = { module, number: newer.number, applied: newer.name, last: end?.name ?? "none" };
    problems.push(platformError("MIGRATIONS_DATABASE_NEWER", values));
  }
  return { module, pending, applied, problems };
}

function lateProblem({ module, name, number, path }: MigrationFile, last: LedgerRow | undefined) {
  if (last === undefined || number > last.number) return undefined;
  return platformError("MIGRATIONS_LATE", { module, file: name, last: last.name }, { at: [{ file: path }] });
}

function rowProblem(file: MigrationFile, row: LedgerRow): PlatformError | undefined {
  const { module, name, path } = file;
  if (row.status === "running") return file.mode === "repeatable" ? undefined : halfDone(file, row);
  if (row.checksum === file.checksum || isCompiledFrom(row.name, name)) return undefined;
  const ledger = shortChecksum(row.checksum);
  const values = { module, file: name, applied: row.name, ledger, checksum: shortChecksum(file.checksum) };
  return platformError("MIGRATIONS_DRIFT", values, { at: [{ file: path }] });
}

function halfDone({ module, number, name, path, sql = "" }: MigrationFile, row: LedgerRow): PlatformError {
  const index = row.statement ?? 1;
  const statement: Statement | undefined = scanStatements(sql).statements?.[index - 1];
  const text = statement === undefined ? "unknown" : excerpt(sql.slice(statement.start, statement.end));
  const place = statement === undefined ? {} : positionAt(sql, statement.start);
  const values = { module, number, file: name, statement: index, sql: text };
  return platformError("MIGRATIONS_HALF_DONE", values, { at: [{ file: path, ...place }] });
}
