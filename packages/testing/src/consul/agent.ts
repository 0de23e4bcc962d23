import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "./free-ports.ts";

/** How an agent is to run. */
export interface ConsulAgentOptions {
  /** The program: what `findConsul` gave. */
  readonly binary: string;
  /** Default: made up. */
  readonly node?: string;
  /** The port of the HTTP API. Default: a free one. */
  readonly httpPort?: number;
  /** Settings in HCL, above all others. */
  readonly config?: string;
  /** Instead of `-dev`: a member of a cluster. */
  readonly mode?: readonly string[];
  /** The port of the gossip. Default: a free one. */
  readonly serfPort?: number;
  /** The port on which servers talk to each other. Default: a free one. */
  readonly serverPort?: number;
  /** Whether to wait until a leader is known. Default `true`. */
  readonly awaitLeader?: boolean;
  /** A token for the wait for a leader, where access control is on. */
  readonly token?: string;
}

/** A real Consul agent that listens on 127.0.0.1 and ends with `stop`, or with this process. */
export interface ConsulAgent {
  /** Of its HTTP API. */
  readonly url: string;
  readonly httpPort: number;
  readonly serfPort: number;
  readonly serverPort: number;
  readonly node: string;
  readonly pid: number;
  /** Everything it printed so far. */
  readonly log: string;
  /** Ends it by SIGKILL and resolves when it is gone. Its state is lost: it kept it in memory. */
  kill(): Promise<void>;
  /** Stops it and goes on, as a machine that sleeps. */
  freeze(): void;
  thaw(): void;
  /** As `kill`; may be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts an agent, by default as a server of its own (`-dev`) with its state in memory, and waits until it serves.
 *
 * @throws Error with what it printed when it does not come up within 20 seconds.
 */
export async function startConsulAgent(options: ConsulAgentOptions): Promise<ConsulAgent> {
  // Another process may take a port between its choice and its use.
  for (let left = 3; ; left -= 1) {
    try {
      return await start(options);
    } catch (error) {
      if (left <= 1 || !String(error).includes("address already in use")) throw error;
    }
  }
}

async function start(options: ConsulAgentOptions): Promise<ConsulAgent> {
  const [free = 0, freeSerf = 0, serfWan = 0, freeServer = 0] = await freePorts(4);
  const { binary, mode = ["-dev"], httpPort = free, serfPort = freeSerf, serverPort = freeServer } = options;
  const node = options.node ?? `node-${httpPort}`;
  const child = spawn(
    binary,
    [
      "agent",
      ...mode,
      ...["-bind", "127.0.0.1", "-client", "127.0.0.1", "-node", node],
      ...["-http-port", String(httpPort), "-serf-lan-port", String(serfPort), "-serf-wan-port", String(serfWan)],
      ...["-server-port", String(serverPort), "-dns-port=-1", "-grpc-port=-1"],
      ...["-hcl", "disable_update_check = true"],
      ...(options.config === undefined ? [] : ["-hcl", options.config]),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-200_000);
    });
  }
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      log += String(error);
      resolve();
    });
  });
  const killWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const stop = async (): Promise<void> => {
    process.off("exit", killWithUs);
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await gone;
  };
  const url = `http://127.0.0.1:${httpPort}`;
  try {
    await untilServing(child, url, options);
  } catch (error) {
    await stop();
    throw new Error(`consul did not come up: ${(error as Error).message}\n${log.slice(-4_000)}`);
  }
  return {
    url,
    httpPort,
    serfPort,
    serverPort,
    node,
    pid: child.pid ?? 0,
    get log() {
      return log;
    },
    kill: stop,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    stop,
  };
}

async function untilServing(child: ChildProcess, url: string, options: ConsulAgentOptions): Promise<void> {
  const end = performance.now() + 20_000;
  const { awaitLeader = true, token } = options;
  while (performance.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended");
    const leader = await fetch(`${url}/v1/status/leader`, {
      headers: token === undefined ? {} : { "X-Consul-Token": token },
      signal: AbortSignal.timeout(2_000),
    }).then(
      async (response) => (response.ok ? ((await response.json()) as string) : undefined),
      () => undefined,
    );
    if (leader !== undefined && (leader !== "" || !awaitLeader)) return;
    await sleep(30);
  }
  throw new Error("it does not serve");
}
