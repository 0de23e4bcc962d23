import { type PlatformError, platformError } from "@plinth/module";
import type { MigrationMode } from "./migration-file.ts";
import { scanStatements } from "./sql-statements.ts";
import { positionAt } from "./text-position.ts";
import { controlsTransaction } from "./transaction-control.ts";

/** Where an SQL text comes from. */
export interface SqlSource {
  readonly module: string;
  readonly name: string;
  readonly path: string;
}

/** How an SQL text is to be run, and what is wrong with it. */
export interface CheckedSql {
  readonly mode: MigrationMode;
  readonly problem: PlatformError | undefined;
}

const directives: Readonly<Record<string, MigrationMode>> = {
  "no-transaction": "bare",
  "no-transaction repeatable": "repeatable",
};

/** Reads the directive in the first line of a migration and checks its statements. */
export function checkSql(source: SqlSource, sql: string): CheckedSql {
  const directive = /^--\s*plinth:\s*(.*?)\s*(?:\n|$)/.exec(sql)?.[1];
  const mode = directive === undefined ? "transaction" : directives[directive];
  if (mode !== undefined) return { mode, problem: statementProblem(source, sql) };
  const { module, name, path } = source;
  const values = { module, file: name, directive: `-- plinth: ${directive}` };
  const at = [{ file: path, line: 1, column: 1 }];
  return { mode: "transaction", problem: platformError("MIGRATIONS_DIRECTIVE", values, { at }) };
}

function statementProblem({ module, name, path }: SqlSource, sql: string): PlatformError | undefined {
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
