import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { said } from "../databases.fixture.ts";
import type { LedgerRow } from "./ledger-row.ts";
import type { MigrationFile, ModuleMigrations } from "./migration-file.ts";
import { type ModulePlan, planMigrations } from "./plan.ts";

const file = (number: number, more: Partial<MigrationFile> = {}): MigrationFile => ({
  module: "tickets",
  number,
  name: `000${number}_step.sql`,
  path: `/m/000${number}_step.sql`,
  checksum: `${number}`.repeat(64),
  sql: "select 1;\nselect 2;",
  mode: "transaction",
  ...more,
});

const row = (number: number, more: Partial<LedgerRow> = {}): LedgerRow => ({
  module: "tickets",
  number,
  name: `000${number}_step.sql`,
  checksum: `${number}`.repeat(64),
  status: "applied",
  statement: null,
  appliedAt: new Date(0),
  durationMs: 1,
  ...more,
});

const module = (files: readonly MigrationFile[], name = "tickets"): ModuleMigrations => ({
  module: name,
  schema: name,
  critical: true,
  dependencies: [],
  files,
});

function plan(files: readonly MigrationFile[], rows: readonly LedgerRow[], newer: "refuse" | "allow" = "refuse") {
  return planMigrations([module(files)], rows, { newer })[0] as ModulePlan;
}

const numbers = ({ pending }: ModulePlan) => pending.map(({ number }) => number);

describe("planning", () => {
  it("runs what is not in the ledger", () => {
    expect(numbers(plan([file(1), file(2), file(3)], [row(1)]))).toEqual([2, 3]);
    expect(numbers(plan([file(1)], [row(1)]))).toEqual([]);
  });

  it("leaves other modules' rows alone", () => {
    const { applied, problems } = plan([file(1)], [row(1), row(7, { module: "removed" })]);
    expect(applied.map(({ number }) => number)).toEqual([1]);
    expect(problems).toEqual([]);
  });

  it("names the file and both checksums when an applied file has changed", () => {
    const { problems } = plan([file(1, { checksum: "f".repeat(64) })], [row(1)]);
    expect(problems.map(said)).toEqual([
      'MIGRATIONS_DRIFT: migration 0001_step.sql of module "tickets" has changed: it was applied as 0001_step.sql with checksum 1111111111111111, and the file now has ffffffffffffffff',
    ]);
    expect(problems[0]?.at).toEqual([{ file: "/m/0001_step.sql" }]);
  });

  it("lets a file be renamed", () => {
    expect(plan([file(1, { name: "0001_other.sql" })], [row(1)]).problems).toEqual([]);
  });

  it("does not compare code with what was compiled from it", () => {
    const code = { name: "0001_step.js", checksum: "f".repeat(64) };
    expect(plan([file(1, code)], [row(1, { name: "0001_step.ts" })]).problems).toEqual([]);
    expect(plan([file(1, code)], [row(1, { name: "0001_step.js" })]).problems).toHaveLength(1);
    expect(plan([file(1, code)], [row(1, { name: "0001_other.ts" })]).problems).toHaveLength(1);
  });

  it("refuses a number below the last one applied", () => {
    expect(plan([file(1), file(2), file(3)], [row(1), row(3)]).problems.map(said)).toEqual([
      'MIGRATIONS_LATE: migration 0002_step.sql of module "tickets" comes too late: 0003_step.sql is applied already',
    ]);
  });

  it("refuses a database that is newer than the code, unless that is allowed", () => {
    const rows = [row(1), row(2), row(3)];
    expect(plan([file(1)], rows).problems.map(said)).toEqual([
      'MIGRATIONS_DATABASE_NEWER: the database is newer than module "tickets": it has migration 2 (0002_step.sql), and the code ends with 0001_step.sql',
    ]);
    expect(plan([file(1)], rows, "allow")).toMatchObject({ pending: [], problems: [] });
  });

  it("names the statement in which a migration without a transaction was interrupted", () => {
    const bare = file(1, { mode: "bare" });
    const { problems } = plan([bare], [row(1, { status: "running", statement: 2 })]);
    expect(problems.map(said)).toEqual([
      'MIGRATIONS_HALF_DONE: migration 0001_step.sql of module "tickets" was interrupted in statement 2: select 2',
    ]);
    expect(problems[0]?.at).toEqual([{ file: "/m/0001_step.sql", line: 2, column: 1 }]);
    expect(problems[0]?.fix).toContain("where module = 'tickets' and number = 1");
  });

  it("runs an interrupted one again that says that it may", () => {
    const { pending, problems } = plan(
      [file(1, { mode: "repeatable" })],
      [row(1, { status: "running", statement: 2 })],
    );
    expect([pending.length, problems]).toEqual([1, []]);
  });

  it("reports the problems of all modules", () => {
    const plans = planMigrations(
      [module([file(1, { checksum: "x" })]), module([], "audit")],
      [row(1), row(1, { module: "audit" })],
      { newer: "refuse" },
    );
    expect(plans.map(({ module: name, problems }) => [name, problems.map(({ code }) => code)])).toEqual([
      ["tickets", ["MIGRATIONS_DRIFT"]],
      ["audit", ["MIGRATIONS_DATABASE_NEWER"]],
    ]);
  });

  it("plans exactly what a clean history lacks, in whatever order the rows come (300 cases, seed 7)", () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.array(fc.nat(), { minLength: 10, maxLength: 10 }), (count, done, keys) => {
        const files = Array.from({ length: count }, (_, index) => file(index + 1));
        const rows = files.slice(0, done).map(({ number }) => row(number));
        const shuffled = rows.toSorted((a, b) => (keys[a.number] ?? 0) - (keys[b.number] ?? 0));
        const found = plan(files, shuffled);
        expect(found.problems).toEqual([]);
        expect(numbers(found)).toEqual(files.slice(done).map(({ number }) => number));
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
