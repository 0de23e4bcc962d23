import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ModuleCode, RegisteredModule } from "@plinth/kernel";
import {
  type DependencyListener,
  type HealthCheck,
  type Hook,
  instanceFor,
  type Lifecycle,
  type Logger,
  type LogMethod,
  type Manifest,
  type ModuleDefinition,
  type ServiceConsumer,
  systemClock,
} from "@plinth/module";
import { isolatedCode } from "./isolated-code.ts";
import type { IsolationOptions } from "./options.ts";

const packages = fileURLToPath(new URL("../..", import.meta.url));

/** Folders of modules that can import `@plinth/module`, as an installed package is linked in a workspace. */
export class ModuleFolders {
  readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-isolation-")));

  constructor() {
    mkdirSync(path.join(this.root, "node_modules/@plinth"), { recursive: true });
    symlinkSync(path.join(packages, "module"), path.join(this.root, "node_modules/@plinth/module"));
  }

  /** Writes a module with this code, and says what the registry would say of it. */
  module(name: string, code: string, sections: Manifest["sections"] = {}): RegisteredModule {
    const folder = path.join(this.root, "modules", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module", "dependencies": { "@plinth/module": "*" } }');
    writeFileSync(path.join(folder, "index.js"), code);
    const manifest: Manifest = {
      name,
      version: "1.2.3",
      description: undefined,
      platform: undefined,
      dependencies: [],
      main: undefined,
      critical: true,
      timeouts: { start: undefined, stop: undefined },
      sections,
      file: undefined,
    };
    return { manifest, source: "plugin", path: folder, definition: undefined };
  }

  /** Writes another file that modules may be given, and returns its URL. */
  file(name: string, text: string): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return pathToFileURL(file).href;
  }

  removeModule(name: string): void {
    rmSync(path.join(this.root, "modules", name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Processes start in a fifth of the time when they need not strip the types of the sources again. */
const compileCache = fileURLToPath(new URL("../../../node_modules/.cache/plinth/isolated", import.meta.url));

/** One line of a log. */
export interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A host of one module: as little of a kernel as shows what a module does. */
export class ToyHost {
  readonly lines: Line[] = [];
  readonly failures: Error[] = [];
  readonly #code: ModuleCode;
  #startHooks: Hook[] = [];
  #stopHooks: Hook[] = [];
  #checks: HealthCheck[] = [];
  #listeners: DependencyListener[] = [];
  #abort = new AbortController();
  provided: Readonly<Record<string, unknown>> = {};

  private constructor(code: ModuleCode) {
    this.#code = code;
  }

  static async load(
    module: RegisteredModule,
    options: IsolationOptions = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ToyHost> {
    return new ToyHost(await isolatedCode(module, { compileCache, ...options })(signal));
  }

  get pid(): number | undefined {
    return this.#code.pid?.();
  }

  get definition(): ModuleDefinition {
    return this.#code.definition as ModuleDefinition;
  }

  async start(services: Readonly<Record<string, unknown>> = {}, config: unknown = {}): Promise<void> {
    this.#startHooks = [];
    this.#stopHooks = [];
    this.#checks = [];
    this.#listeners = [];
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const lifecycle: Lifecycle = {
      onStart: (hook) => this.#startHooks.push(hook),
      onStop: (hook) => this.#stopHooks.push(hook),
      onHealth: (check) => this.#checks.push(check),
      onDependency: (listener) => this.#listeners.push(listener),
      fail: (error) => this.failures.push(error),
      signal,
    };
    const context = { config, log: this.#log(), clock: systemClock, lifecycle, ...services };
    this.provided = this.definition.setup(context) as Readonly<Record<string, unknown>>;
    for (const hook of this.#startHooks) await hook(signal);
  }

  /** What the platform does when the start takes too long, or is given up. */
  giveUp(reason: unknown): void {
    this.#abort.abort(reason);
  }

  async stop(signal: AbortSignal = new AbortController().signal): Promise<void> {
    this.#abort.abort("the module is stopping");
    for (const hook of this.#stopHooks.toReversed()) await hook(signal);
  }

  async unload(): Promise<void> {
    await this.#code.unload?.();
  }

  /** The service as the kernel gives it to a module that requires it. */
  instance(name: string, consumer: ServiceConsumer): unknown {
    return instanceFor(this.provided[name], consumer);
  }

  health(): Promise<unknown> {
    return Promise.all(this.#checks.map((check) => check(new AbortController().signal)));
  }

  dependency(name: string, isRunning: boolean): void {
    for (const listener of this.#listeners) listener(name, isRunning);
  }

  #log(): Logger {
    const method = (level: string): LogMethod => {
      return (...args: [string] | [Readonly<Record<string, unknown>>, string]) => {
        const [fields, message] = args.length === 1 ? [{}, args[0]] : args;
        this.lines.push({ level, fields, message });
      };
    };
    return {
      trace: method("trace"),
      debug: method("debug"),
      info: method("info"),
      warn: method("warn"),
      error: method("error"),
      child: () => this.#log(),
    };
  }
}

/** Whether a process is there and has not ended, even when nobody has taken note of its end yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
}
