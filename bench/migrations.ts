// The time of 200 small migrations: Plinth with lock, ledger and checksums, beside a bare loop of BEGIN, the migration,
// its ledger row and COMMIT, and beside the same sent as one message each. In fresh processes one after another.
// Without arguments it runs all and prints the table; with a contender, an address and a folder it measures that one.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Connection,
  type ConnectionPool,
  openDatabase,
  readMigrations,
  runMigrations,
  settingsOf,
} from "@plinth/database";
import { silentLogger, systemClock } from "@plinth/module";
import { startPostgres } from "@plinth/testing/postgres";
import { interleaved } from "./lib/interleaved.ts";
import { markdownTable, milliseconds, ratio } from "./lib/table.ts";

const count = 200;

interface Task {
  readonly pool: ConnectionPool;
  readonly connection: Connection;
  /** A module's folder, with its migrations. */
  readonly folder: string;
}

const sqlOf = (number: number) => `create table t${number} (id integer, name varchar(80));\n`;

/** Each gives how many milliseconds it took. */
const contenders: Readonly<Record<string, (task: Task) => Promise<void>>> = {
  async loop({ connection }) {
    await connection.script("create table ledger (number integer primary key, name text not null)");
    for (let number = 1; number <= count; number += 1) {
      await connection.script("begin");
      await connection.script(sqlOf(number));
      await connection.query("insert into ledger values ($1, $2)", [number, `create_t${number}`]);
      await connection.script("commit");
    }
  },
  async message({ connection }) {
    await connection.script("create table ledger (number integer primary key, name text not null)");
    for (let number = 1; number <= count; number += 1) {
      await connection.script(
        `begin;${sqlOf(number)};insert into ledger values (${number}, 'create_t${number}');commit`,
      );
    }
  },
  async plinth({ pool, folder }) {
    const found = readMigrations({ module: "bench", root: folder, folder: "migrations", manifest: undefined });
    const module = { module: "bench", schema: "bench", critical: true, dependencies: [], files: found.files };
    await runMigrations([module], {
      pool,
      settings: settingsOf().migrations,
      clock: systemClock,
      log: silentLogger,
      signal: new AbortController().signal,
      onModule(_, failure) {
        if (failure !== undefined) throw failure;
      },
    });
  },
};

async function measure(name: string, address: string, folder: string): Promise<number> {
  const contender = contenders[name];
  if (contender === undefined) throw new Error(`no contender ${name}`);
  const settings = settingsOf(address.startsWith("postgres") ? { url: address } : { dataDir: address });
  const pool = await openDatabase(settings);
  const connection = await pool.acquire({ name: "bench", schema: "public" });
  await connection.query("select 1");
  if (name === "plinth") connection.release();
  const began = performance.now();
  await contender({ pool, connection, folder });
  const took = performance.now() - began;
  connection.release();
  await pool.close();
  return took;
}

async function compare(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "plinth-bench-"));
  const server = await startPostgres({});
  try {
    mkdirSync(join(folder, "migrations"));
    for (let number = 1; number <= count; number += 1) {
      writeFileSync(
        join(folder, "migrations", `${String(number).padStart(4, "0")}_create_t${number}.sql`),
        sqlOf(number),
      );
    }
    const rows: string[][] = [];
    for (const kind of ["PGlite in memory", "PostgreSQL"]) {
      const times = new Map<string, number[]>();
      for (let round = 0; round < rounds; round += 1) {
        for (const name of Object.keys(contenders)) {
          const database = kind !== "PostgreSQL" ? undefined : await server.createDatabase();
          const task = [fileURLToPath(import.meta.url), name, database?.url ?? "memory://", folder];
          const [took = 0] = interleaved<number>({ [name]: task }, 1).get(name) ?? [];
          times.set(name, [...(times.get(name) ?? []), took]);
          await database?.drop();
        }
      }
      const best = (name: string) => Math.min(...(times.get(name) ?? []));
      const cells = (name: string) => `${milliseconds(best(name))} (${ratio(best(name), best("loop"))})`;
      rows.push([kind, milliseconds(best("loop")), cells("message"), cells("plinth")]);
    }
    console.log(`${count} migrations, the best of ${rounds} fresh processes each\n`);
    console.log(markdownTable(["", "loop of BEGIN; sql; ledger; COMMIT", "one message each", "Plinth"], rows));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [name, address, folder] = process.argv.slice(2);
if (name !== undefined && address !== undefined && folder !== undefined) {
  console.log(JSON.stringify(await measure(name, address, folder)));
} else {
  await compare(Number(name ?? 5));
}
