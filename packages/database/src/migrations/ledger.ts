import type { Connection, ConnectionPool, TaggedResult } from "../connection.ts";
import { identifier, literal } from "../sql-text.ts";
import { sqlState } from "../sqlstate.ts";
import type { LedgerRow } from "./ledger-row.ts";
import type { MigrationFile } from "./migration-file.ts";

/** The ledger table, with its schema. */
const ledgerTable = "plinth.migrations";

/** What a run has to know of the database before it does anything. */
export interface DatabaseState {
  /** The process that answers; another one than the connection was made to when a pooler stands between. */
  readonly backend: number;
  /** Which of the schemas asked for are there. */
  readonly schemas: ReadonlySet<string>;
  /** All rows; `undefined` when there is no ledger. */
  readonly rows: readonly LedgerRow[] | undefined;
}

const columns = `module, number, name, checksum, status, statement, applied_at as "appliedAt", duration_ms as "durationMs"`;

const readRows = `select ${columns} from ${ledgerTable}`;

/** Asks for {@link DatabaseState} in one message. Rejects where there is no ledger. */
function readAll(schemas: readonly string[]): string {
  const names = ["plinth", ...schemas].map(literal).join(", ");
  return `select pg_backend_pid() as pid; select nspname from pg_namespace where nspname in (${names}); ${readRows}`;
}

/** Reads the ledger, and which of the schemas exist, in one round trip; in another one where there is no ledger. */
export async function readState(connection: Connection, schemas: readonly string[]): Promise<DatabaseState> {
  try {
    return stateOf(await connection.script(readAll(schemas)));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const withoutLedger = readAll(schemas).replace(readRows, "select");
    return { ...stateOf(await connection.script(withoutLedger)), rows: undefined };
  }
}

function stateOf([backend, schemas, ledger]: readonly TaggedResult[]): DatabaseState {
  return {
    backend: Number(backend?.rows[0]?.pid),
    schemas: new Set(schemas?.rows.map(({ nspname }) => String(nspname))),
    rows: (ledger?.rows ?? []) as unknown as readonly LedgerRow[],
  };
}

/** Whether a table or its schema is not there. */
function isMissing(error: unknown): boolean {
  const state = sqlState(error);
  return state === "42P01" || state === "3F000";
}

/**
 * Creates what is missing: the ledger, and the schemas of the modules. To be called by the one who has
 * the lock. Creates nothing that is there, because that takes rights which the user may not have.
 */
export async function prepare(connection: Connection, state: DatabaseState, schemas: readonly string[]): Promise<void> {
  const missing = schemas.filter((schema) => !state.schemas.has(schema)).map(createSchema);
  if (state.rows === undefined) {
    if (!state.schemas.has("plinth")) missing.push(createSchema("plinth"));
    missing.push(createLedger);
  }
  if (missing.length > 0) await connection.script(missing.join(";\n"));
}

const createSchema = (schema: string) => `create schema ${identifier(schema)}`;

const createLedger = `
create table ${ledgerTable} (
  module text not null,
  number integer not null,
  name text not null,
  checksum text not null,
  status text not null check (status in ('applied', 'running')),
  statement integer,
  applied_at timestamptz not null default now(),
  duration_ms integer not null default 0,
  primary key (module, number)
)`;

/** Milliseconds since the current transaction began. */
const sinceBegin = "date_part('epoch', clock_timestamp() - now()) * 1000";

/** The numbers of a module's migrations that are applied. */
export async function appliedNumbers(connection: Connection, module: string): Promise<ReadonlySet<number>> {
  const [result] = await connection.script(
    `select number from ${ledgerTable} where status = 'applied' and module = ${literal(module)}`,
  );
  return new Set(result?.rows.map(({ number }) => Number(number)));
}

const insert = (values: string) =>
  `insert into ${ledgerTable} (module, number, name, checksum, status, duration_ms) values (${values}, 'applied', ${sinceBegin})`;

const valuesOf = ({ module, number, name, checksum }: MigrationFile): string =>
  [literal(module), number, literal(name), literal(checksum)].join(", ");

/** Notes a migration as applied, in the transaction that applies it. */
export function insertApplied(file: MigrationFile): string {
  return insert(valuesOf(file));
}

/** The same for many migrations: the server reads and plans the insert only once. */
export const manyApplied = {
  prepare: `prepare plinth_applied (text, integer, text, text) as ${insert("$1, $2, $3, $4")}`,
  insert: (file: MigrationFile): string => `execute plinth_applied (${valuesOf(file)})`,
  end: "deallocate plinth_applied",
} as const;

/** Notes, so that it outlives this process, that a statement of a migration without a transaction begins. */
export function markRunning({ module, number, name, checksum }: MigrationFile, statement: number): string {
  const values = [literal(module), number, literal(name), literal(checksum), "'running'", statement];
  return `insert into ${ledgerTable} (module, number, name, checksum, status, statement) values (${values.join(", ")})
    on conflict (module, number) do update set name = excluded.name, checksum = excluded.checksum, statement = ${statement}`;
}

/** Turns the mark into a row of an applied migration. */
export function markApplied({ module, number }: MigrationFile, durationMs: number): string {
  return `update ${ledgerTable} set status = 'applied', applied_at = now(), duration_ms = ${Math.round(durationMs)}
    where module = ${literal(module)} and number = ${number}`;
}

/** Takes the mark away: nothing of the migration took effect. */
export function unmark({ module, number }: MigrationFile): string {
  return `delete from ${ledgerTable} where module = ${literal(module)} and number = ${number} and status = 'running'`;
}

/** Reads the ledger through a pool; no rows where there is no ledger. */
export async function readLedger(pool: ConnectionPool): Promise<readonly LedgerRow[]> {
  const connection = await pool.acquire({ name: "migrations", schema: undefined });
  try {
    return (await readState(connection, [])).rows ?? [];
  } finally {
    connection.release();
  }
}
