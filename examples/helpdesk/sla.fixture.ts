import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const here = import.meta.dirname;
const repository = path.resolve(here, "../..");

/** The archive of the `sla` plugin, made in a folder that has nothing of this repository but its packages. */
export function packSla(folder: string): string {
  const source = path.join(folder, "sla");
  const skipped = new Set(["dist", "node_modules"]);
  cpSync(path.join(here, "../sla-plugin"), source, {
    recursive: true,
    filter: (file) => !skipped.has(path.basename(file)),
  });
  symlinkSync(path.join(repository, "node_modules"), path.join(source, "node_modules"));
  const { status, stderr } = spawnSync("npm", ["run", "pack"], {
    cwd: source,
    encoding: "utf8",
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` },
  });
  const archive = readdirSync(source).find((name) => name.endsWith(".tgz"));
  if (status !== 0 || archive === undefined) throw new Error(`the plugin was not packed:\n${stderr}`);
  return path.join(source, archive);
}

/** A folder from which the helpdesk runs, as its own does, whose plugins are its own. */
export function helpdeskFolder(): { readonly path: string } & Disposable {
  mkdirSync(path.join(here, ".cache"), { recursive: true });
  const folder = mkdtempSync(path.join(here, ".cache/plugins-"));
  const platform = readFileSync(path.join(here, "platform.yaml"), "utf8").replace("modules/*", "../../modules/*");
  writeFileSync(path.join(folder, "platform.yaml"), platform);
  cpSync(path.join(here, "src/main.ts"), path.join(folder, "src/main.ts"));
  writeFileSync(path.join(folder, "src/modules.gen.ts"), 'export { modules } from "../../../src/modules.gen.ts";\n');
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What `platformctl` ended with and wrote. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `platformctl` as a process in a folder. */
export async function platformctl(cwd: string, ...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [path.join(repository, "node_modules/.bin/platformctl"), ...args], {
    cwd,
    env: { PATH: process.env.PATH, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => void child.on("close", resolve));
  return { code, ...written };
}

/** Asks for paths again and again until it is stopped. */
export interface Watcher {
  /** Answers that were not 200, and requests that failed. */
  readonly failures: readonly string[];
  readonly answered: number;
  stop(): Promise<void>;
}

/** Asks for each of these paths, one request after another, until it is stopped. */
export function keepAsking(url: string, paths: readonly string[], headers: Readonly<Record<string, string>>): Watcher {
  const failures: string[] = [];
  let answered = 0;
  let stopping = false;
  const ask = async (path: string) => {
    while (!stopping) {
      const status = await fetch(url + path, { headers }).then(
        async (response) => {
          await response.arrayBuffer();
          return `${response.status}`;
        },
        (error: unknown) => String(error),
      );
      if (status !== "200") failures.push(`${path}: ${status}`);
      answered += 1;
      await pause(5);
    }
  };
  const asking = paths.map(ask);
  return {
    failures,
    get answered() {
      return answered;
    },
    async stop() {
      stopping = true;
      await Promise.all(asking);
    },
  };
}
