import { silentLogger, systemClock } from "@plinth/module";
import type { Connection, ConnectionPool, MigrationSession } from "./connection.ts";
import { readToyFacts } from "./host.fixture.ts";
import { collectMigrations } from "./migrations/collect.ts";
import { runMigrations } from "./migrations/run.ts";
import { openDatabase } from "./open-database.ts";
import { type DatabaseConfig, settingsOf } from "./settings.ts";

/*
 * A process that migrates, for tests that kill it. Its first argument is a MigratingTask as JSON; the
 * last line that it prints is JSON: what became of each module, and how many messages it sent.
 */

export interface MigratingTask {
  readonly config: DatabaseConfig;
  /** The folder of the toy modules. */
  readonly root: string;
  /** Where the process ends itself as kill -9 would. */
  readonly kill?: KillPoint;
}

/** At the `message`-th message of the run, from 1: before it is sent, `afterMs` after it was, or when the answer is there. */
export interface KillPoint {
  readonly message: number;
  readonly when: "before" | "sent" | "answered";
  readonly afterMs: number;
}

const task = JSON.parse(process.argv[2] ?? "") as MigratingTask;
let messages = 0;

const die = () => process.kill(process.pid, "SIGKILL");

/** Counts a message, and ends the process if it is the one. */
async function counted<T>(send: () => Promise<T>): Promise<T> {
  messages += 1;
  const { kill } = task;
  if (kill === undefined || kill.message !== messages) return send();
  if (kill.when === "before") die();
  const answer = send();
  if (kill.when === "sent") setTimeout(die, kill.afterMs);
  return answer.finally(die);
}

function watched(session: MigrationSession): MigrationSession {
  return {
    ...session,
    use: (work) =>
      session.use((connection) => {
        const counting: Connection = {
          processId: connection.processId,
          query: (sql, parameters) => counted(() => connection.query(sql, parameters)),
          script: (sql) => counted(() => connection.script(sql)),
        };
        return work(counting);
      }),
  };
}

const pool = await openDatabase(settingsOf(task.config));
const counting: ConnectionPool = {
  kind: pool.kind,
  address: pool.address,
  acquire: (owner) => pool.acquire(owner),
  openSession: async () => watched(await pool.openSession()),
  listen: (channel, listener) => pool.listen(channel, listener),
  close: (signal) => pool.close(signal),
};
const outcome: Record<string, string> = {};
process.stdout.write("ready\n");
await runMigrations(collectMigrations(readToyFacts(task.root)).modules, {
  pool: counting,
  settings: settingsOf(task.config).migrations,
  clock: systemClock,
  log: silentLogger,
  signal: new AbortController().signal,
  onModule(module, failure) {
    outcome[module] = failure?.message ?? "ok";
  },
});
await pool.close();
process.stdout.write(`${JSON.stringify({ outcome, messages })}\n`);
