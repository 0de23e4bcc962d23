import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type Capability,
  type Clock,
  defineModule,
  type HealthCheck,
  type Hook,
  instanceFor,
  type Logger,
  type ModuleFacts,
  type PlatformError,
  silentLogger,
  systemClock,
} from "@plinth/module";
import { databaseCapability } from "./capability.ts";
import { Database } from "./database.ts";
import type { DatabaseConfig } from "./settings.ts";

/** A module of a test: its files by name, and what it needs. */
export interface ToyModule {
  readonly migrations?: Readonly<Record<string, string>>;
  readonly needs?: readonly string[];
  readonly wants?: readonly string[];
  readonly critical?: boolean;
  /** Default `true`: the module requires the database. */
  readonly usesDatabase?: boolean;
}

/** A new folder that is removed when the test is over: `using folder = temporaryFolder()`. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "plinth-database-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes files, with the folders that they need. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Writes the modules into folders below `root`, replacing what was there, and says what an extension is told of them. */
export function toyFacts(root: string, modules: Readonly<Record<string, ToyModule>>): ModuleFacts<string>[] {
  for (const [name, { migrations }] of Object.entries(modules)) {
    const path = join(root, name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    if (migrations === undefined) continue;
    mkdirSync(join(path, "migrations"));
    writeFiles(join(path, "migrations"), migrations);
  }
  writeFileSync(join(root, "modules.json"), JSON.stringify(modules));
  return readToyFacts(root);
}

/** The same for modules that another process has written. */
export function readToyFacts(root: string): ModuleFacts<string>[] {
  const modules = JSON.parse(readFileSync(join(root, "modules.json"), "utf8")) as Record<string, ToyModule>;
  return Object.entries(modules).map(([name, toy]) => factsOf(name, toy, join(root, name)));
}

export function factsOf(name: string, toy: ToyModule, path: string): ModuleFacts<string> {
  const { needs = [], wants = [], critical = true, usesDatabase = true } = toy;
  const section = toy.migrations === undefined ? undefined : "./migrations";
  const dependency = (optional: boolean) => (other: string) => ({ name: other, range: "*", optional });
  return {
    name,
    version: "1.0.0",
    source: "directory",
    path,
    section,
    definition: usesDatabase ? defineModule({ requires: { db: Database } }) : defineModule({}),
    manifest: {
      name,
      version: "1.0.0",
      description: undefined,
      platform: undefined,
      dependencies: [...needs.map(dependency(false)), ...wants.map(dependency(true))],
      main: undefined,
      critical,
      timeouts: { start: undefined, stop: undefined },
      sections: { migrations: section },
      file: join(path, "module.yaml"),
    },
  };
}

/** A capability that is driven as the lifecycle of a platform does it. */
export interface DrivenHost {
  /** The problems that the check finds. */
  check(): Promise<readonly PlatformError[]>;
  /** Checks and opens the database. */
  open(): Promise<void>;
  /** Lets the module come to its own start hooks: rejects when its migrations fail. */
  start(module: string, signal?: AbortSignal): Promise<void>;
  view(module: string): Database;
  checkHealth(): Promise<unknown>;
  close(signal?: AbortSignal): Promise<void>;
}

/** Drives the capability over these modules, which are in plan order. */
export function drive(
  facts: readonly ModuleFacts<string>[],
  config: DatabaseConfig,
  { root, clock, log = silentLogger }: { readonly root?: string; readonly clock?: Clock; readonly log?: Logger } = {},
): DrivenHost {
  const capability: Capability = databaseCapability({
    ...(root === undefined ? {} : { root }),
    ...(clock === undefined ? {} : { clock }),
  });
  const { module, extension } = capability;
  const starts: Hook[] = [];
  const stops: Hook[] = [];
  const checks: HealthCheck[] = [];
  const never = new AbortController().signal;
  const services = module?.setup({
    config,
    log,
    clock: clock ?? systemClock,
    lifecycle: {
      onDependency: () => {},
      fail: () => {},
      onStart: (hook) => void starts.push(hook),
      onStop: (hook) => void stops.push(hook),
      onHealth: (check) => void checks.push(check),
      signal: never,
    },
  }) as { readonly database: Database };
  const check = async () => (await extension?.check?.(facts)) ?? [];
  return {
    check,
    async open() {
      const problems = await check();
      if (problems.length > 0) throw problems[0];
      await extension?.accept?.(facts);
      for (const hook of starts) await hook(never);
    },
    async start(name, signal = never) {
      const found = facts.find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`no module ${name}`);
      await extension?.beforeStart?.(found, signal);
    },
    view: (name) => instanceFor(services.database, { name, version: "1.0.0" }),
    checkHealth: async () => Promise.all(checks.map((health) => health(never))),
    async close(signal = never) {
      for (const hook of stops.toReversed()) await hook(signal);
    },
  };
}
