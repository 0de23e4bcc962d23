import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A PostgreSQL that runs for this process and ends with it. */
export interface Server {
  /** Address of the maintenance database. */
  readonly url: string;
  /** Ends the server and removes its folder. May be called more than once. */
  stop(): Promise<void>;
}

/** How a server is to run. */
export interface ServerOptions {
  /** Default `false`: the server does not wait for the disk, which is quicker and enough for tests. */
  readonly durable?: boolean;
}

/** Starts a server of this process's own, with an empty folder. */
export async function startServer({ durable = false }: ServerOptions = {}): Promise<Server> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const host = fileURLToPath(new URL(`./host${extension}`, import.meta.url));
  const child = spawn(process.execPath, [host, ...(durable ? ["durable"] : [])], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  let said = "";
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("\n")) resolve(said.trim());
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the PostgreSQL for tests did not start (${code}): ${complaint}`)));
  });
  // Neither the child nor its pipes keep this process alive: its end is the server's end.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as { unref?: () => void }).unref?.();
  return {
    url,
    async stop() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
