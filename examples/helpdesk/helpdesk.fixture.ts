import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** The helpdesk as a process of its own, on a port that was free. */
export interface HelpdeskProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Everything that it has logged so far. */
  log(): string;
  signal(signal: NodeJS.Signals): void;
  /** Waits for its end. */
  readonly exitCode: Promise<number | null>;
  /** Ends it at once where it still runs. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** After this a start counts as stuck, so that no process is left behind by a test that gave up. */
const startLimitMs = 90_000;

/** A folder of its own, which is deleted at the end. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), "helpdesk-"));
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What is run, and where. */
export interface Program {
  readonly cwd: string;
  /** For Node. */
  readonly args: readonly string[];
}

const fromSource: Program = { cwd: import.meta.dirname, args: ["--conditions=plinth-source", "src/main.ts"] };

/**
 * Starts the helpdesk and waits until it is ready.
 *
 * @param settings as environment variables, such as `PLATFORM_DATABASE__DATA_DIR`.
 * @param program default: what `npm start` runs.
 */
export async function startHelpdesk(
  settings: Readonly<Record<string, string>>,
  { cwd, args }: Program = fromSource,
): Promise<HelpdeskProcess> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      PLATFORM_HTTP__PORT: "0",
      PLATFORM_LOG__FORMAT: "json",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const ended = once(child, "close");
  const exitCode = ended.then(() => child.exitCode);
  const end = async () => {
    if (isRunning(child)) child.kill("SIGKILL");
    await ended;
  };
  try {
    const url = await until(child, () => /"url":"([^"]+)"/.exec(log)?.[1]);
    await until(child, async () => (await fetch(`${url}/readyz`)).ok || undefined);
    return { url, log: () => log, signal: (signal) => child.kill(signal), exitCode, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw new Error(`the helpdesk did not start:\n${log}`, { cause: error });
  }
}

/** Asks again and again until there is something, as long as the process runs and is not stuck. */
async function until<T>(child: ChildProcess, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + startLimitMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (!isRunning(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    if (Date.now() > giveUpAt) throw new Error(`it was not ready after ${startLimitMs} ms`);
    await pause(20);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
