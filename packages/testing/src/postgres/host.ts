import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Binaries, findBinaries, type ServerUser, serverUser } from "./binaries.ts";

/*
 * A process of its own that runs one throw-away PostgreSQL for the process that started it. It prints
 * one line, the server's address, and lives until its standard input ends. That happens even when the
 * process that wanted the server is killed, so no server and no folder is left behind.
 *
 * The first argument is "durable" for a server that waits for the disk as one in production does.
 */

const durable = process.argv[2] === "durable";
const folder = mkdtempSync(join(tmpdir(), "plinth-postgres-"));
const data = join(folder, "data");
const user = serverUser();

// Ctrl-C in a terminal goes to every process there: the server is to end with the tests, not before.
process.on("SIGINT", () => {});

try {
  chmodSync(folder, 0o755);
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid);
  const binaries = await findBinaries(user, join(folder, "native"));
  initialise(binaries, user);
  const server = await listen(binaries, user, 5);
  process.stdout.write(`postgres://postgres@127.0.0.1:${server.port}/postgres\n`);
  process.stdin.resume();
  await new Promise((resolve) => {
    process.stdin.on("end", resolve);
    process.stdin.on("error", resolve);
    process.on("SIGTERM", resolve);
    void server.ended.then(resolve);
  });
  // An immediate shutdown: the data are thrown away anyway.
  server.process.kill("SIGQUIT");
  await server.ended;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exit();

function initialise({ initdb }: Binaries, owner: ServerUser): void {
  const options = ["-D", data, "-U", "postgres", "--auth=trust", "--no-locale", "-E", "UTF8", "--no-sync"];
  const { status, stderr, error } = spawnSync(initdb, [...options, "--no-instructions"], { ...owner, cwd: folder });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`initdb ended with ${status}: ${stderr.toString()}`);
  const settings = [
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    "max_connections = 200",
    "max_prepared_transactions = 10",
    ...(durable ? [] : ["fsync = off", "full_page_writes = off", "synchronous_commit = off"]),
  ];
  appendFileSync(join(data, "postgresql.conf"), `\n${settings.join("\n")}\n`);
}

interface Listening {
  readonly port: number;
  readonly process: ReturnType<typeof spawn>;
  readonly ended: Promise<void>;
}

/** Starts the server; tries another port when somebody else was quicker with the one that was free. */
async function listen({ postgres }: Binaries, owner: ServerUser, attempts: number): Promise<Listening> {
  const port = await freePort();
  const child = spawn(postgres, ["-D", data, "-p", String(port)], {
    ...owner,
    cwd: folder,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let said = "";
  const ready = await new Promise<boolean>((resolve) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      if (said.includes("ready to accept connections")) resolve(true);
    });
    void ended.then(() => resolve(false));
  });
  if (ready) return { port, process: child, ended };
  if (attempts > 1) return listen({ postgres, initdb: "" }, owner, attempts - 1);
  throw new Error(`PostgreSQL did not start: ${said}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
