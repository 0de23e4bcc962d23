import {
  type Capability,
  defineModule,
  type Extension,
  type HealthCheck,
  type Hook,
  instanceFor,
  type Lifecycle,
  type Logger,
  type Manifest,
  type ManifestInput,
  type ModuleDefinition,
  type ModuleFacts,
  type ModuleHealth,
  type ModuleState,
  Platform,
  PlatformErrors,
  type PlatformEvent,
  type PlatformHost,
  type PlatformState,
  systemClock,
} from "@plinth/module";
import { permissionsCapability } from "@plinth/permissions";
import { overLinks } from "@plinth/testing/link";
import { type HttpOptions, httpCapability } from "./capability.ts";
import { Http } from "./http.ts";
import type { HttpSettings } from "./settings.ts";

/** One line that a module logged. */
export interface Line {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

interface Run {
  readonly definition: ModuleDefinition;
  readonly facts: (key: string | undefined) => ModuleFacts;
  readonly config: unknown;
  state: ModuleState;
  start: Hook[];
  stop: Hook[];
  health: HealthCheck[];
}

const none = new AbortController().signal;

/**
 * Drives capabilities and modules through the hooks of a platform's lifecycle, one module after
 * another in the order given. It stands in for the kernel, which this package may not import: no
 * timeouts, no rollback, and settings take the defaults of their schema without being validated.
 */
export class Driver {
  readonly lines: Line[] = [];
  /** Whether what modules log is kept in `lines`. */
  recording = true;
  readonly #runs = new Map<string, Run>();
  readonly #services = new Map<string, unknown>();
  readonly #extensions: Extension[];
  readonly #listeners = new Set<(event: PlatformEvent) => void>();
  state: PlatformState = "created";

  constructor(capabilities: readonly Capability[], settings: Readonly<Record<string, unknown>> = {}) {
    this.#extensions = capabilities.flatMap(({ extension }) => extension ?? []);
    this.#services.set(Platform.id, this.host);
    for (const { module } of capabilities) if (module !== undefined) this.add(module, settings);
  }

  readonly host: PlatformHost = {
    version: "1.0.0",
    status: () => ({
      state: this.state,
      modules: [...this.#runs].map(([name, run]) => ({
        name,
        version: "1.0.0",
        source: "static",
        state: run.state,
        since: 0,
        critical: run.facts(undefined).manifest.critical,
        restarts: 0,
        pid: undefined,
        error: undefined,
        skippedFor: undefined,
      })),
    }),
    health: (signal) =>
      Promise.all([...this.#runs].filter(([, run]) => run.state === "running").map((run) => healthOf(...run, signal))),
    onEvent: (listener) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  /** Makes a module known; it replaces one of the same name. */
  add(definition: ModuleDefinition, settings: Readonly<Record<string, unknown>> = {}): void {
    const input = definition.manifest;
    if (input === undefined) throw new Error("the driver needs a module with its manifest");
    const sections: Record<string, unknown> = {};
    for (const { section } of this.#extensions) {
      const written = section && input[section.key];
      if (section === undefined || written === undefined) continue;
      const checked = section.schema["~standard"].validate(written);
      if (!("value" in checked)) throw new Error(JSON.stringify(checked));
      sections[section.key] = checked.value;
    }
    const manifest = manifestOf(input, sections);
    const { name, version } = manifest;
    const facts = (key: string | undefined): ModuleFacts => {
      const section = key === undefined ? undefined : sections[key];
      return { name, version, source: "static", manifest, path: undefined, section, definition };
    };
    const config = { ...defaultsOf(input), ...(settings[name] as object | undefined) };
    this.#runs.set(name, { definition, facts, config, state: "planned", start: [], stop: [], health: [] });
  }

  remove(name: string): void {
    this.#runs.delete(name);
  }

  /** Runs the checks of all extensions over all modules. */
  async check(): Promise<void> {
    const problems = await Promise.all(
      this.#extensions.map((extension) =>
        extension.check?.([...this.#runs.values()].map((run) => run.facts(extension.section?.key))),
      ),
    );
    const found = problems.flatMap((one) => one ?? []);
    if (found.length > 0) throw new PlatformErrors(found);
    for (const extension of this.#extensions) {
      await extension.accept?.([...this.#runs.values()].map((run) => run.facts(extension.section?.key)));
    }
  }

  async start(): Promise<void> {
    await this.check();
    this.enter("starting");
    for (const name of this.#runs.keys()) await this.startModule(name);
    this.enter("running");
  }

  async startModule(name: string): Promise<void> {
    const run = this.#run(name);
    Object.assign(run, { start: [], stop: [], health: [] });
    await this.#each(run, "beforeSetup");
    this.#setUp(name, run);
    this.#enterModule(name, run, "migrating");
    await this.#each(run, "beforeStart");
    this.#enterModule(name, run, "starting");
    for (const hook of run.start) await hook(none);
    await this.#each(run, "afterStart");
    this.#enterModule(name, run, "running");
  }

  async stopModule(name: string): Promise<void> {
    const run = this.#run(name);
    this.#enterModule(name, run, "stopping");
    await this.#each(run, "beforeStop");
    for (const hook of run.stop.toReversed()) await hook(none);
    await this.#each(run, "afterStop");
    this.#enterModule(name, run, "stopped");
  }

  async stop(): Promise<void> {
    this.enter("draining");
    for (const extension of this.#extensions) await extension.drain?.(none);
    this.enter("stopping");
    for (const [name, run] of [...this.#runs].toReversed()) if (run.state === "running") await this.stopModule(name);
    this.enter("stopped");
  }

  enter(to: PlatformState): void {
    const from = this.state;
    this.state = to;
    for (const listener of this.#listeners) listener({ type: "platform.state", from, to, at: 0 });
  }

  /** The lines of a message. */
  logged(message: string | RegExp): Line[] {
    return this.lines.filter((line) =>
      typeof message === "string" ? line.message === message : message.test(line.message),
    );
  }

  #run(name: string): Run {
    const run = this.#runs.get(name);
    if (run === undefined) throw new Error(`the driver knows no module ${name}`);
    return run;
  }

  #setUp(name: string, run: Run): void {
    const consumer = { name, version: "1.0.0" };
    const lifecycle: Lifecycle = {
      onStart: (hook) => void run.start.push(hook),
      onStop: (hook) => void run.stop.push(hook),
      onDependency: () => {},
      fail: () => {},
      onHealth: (check) => void run.health.push(check),
      signal: none,
    };
    const context: Record<string, unknown> = {};
    for (const [key, ref] of Object.entries({ ...run.definition.requires, ...run.definition.optional })) {
      context[key] = instanceFor(this.#services.get(ref.id), consumer);
    }
    const { config } = run;
    const result = run.definition.setup({
      ...context,
      config,
      lifecycle,
      clock: systemClock,
      log: this.#log({ module: name }),
    });
    for (const [key, ref] of Object.entries(run.definition.provides)) {
      this.#services.set(ref.id, (result as Record<string, unknown>)[key]);
    }
  }

  async #each(
    run: Run,
    hook: "beforeSetup" | "beforeStart" | "afterStart" | "beforeStop" | "afterStop",
  ): Promise<void> {
    const reverse = hook === "beforeStop" || hook === "afterStop";
    for (const extension of reverse ? this.#extensions.toReversed() : this.#extensions) {
      await extension[hook]?.(run.facts(extension.section?.key), none);
    }
  }

  #enterModule(module: string, run: Run, to: ModuleState): void {
    const from = run.state;
    run.state = to;
    for (const listener of this.#listeners) listener({ type: "module.state", module, from, to, at: 0 });
  }

  #log(fields: Readonly<Record<string, unknown>>): Logger {
    const level =
      (level: string) =>
      (...[first, message]: [string | Readonly<Record<string, unknown>>, string?]): void => {
        if (!this.recording) return;
        const own = typeof first === "string" ? { message: first } : { ...first, message: message ?? "" };
        this.lines.push({ level, ...fields, ...own });
      };
    return {
      trace: level("trace"),
      debug: level("debug"),
      info: level("info"),
      warn: level("warn"),
      error: level("error"),
      child: (more) => this.#log({ ...fields, ...more }),
    };
  }
}

async function healthOf(module: string, run: Run, signal: AbortSignal = none): Promise<ModuleHealth> {
  const results = await Promise.all(
    run.health.map((check) =>
      Promise.resolve()
        .then(() => check(signal))
        .catch((error: Error) => ({ status: "fail" as const, message: error.message })),
    ),
  );
  const found = results.filter((result) => result !== undefined);
  const worst = (["fail", "warn"] as const).find((status) => found.some((result) => result.status === status));
  return {
    module,
    status: worst ?? "pass",
    messages: found.flatMap(({ message }) => message ?? []),
    durationMs: 0,
  };
}

function manifestOf(input: ManifestInput, sections: Readonly<Record<string, unknown>>): Manifest {
  const { name, version, critical = true } = input;
  return {
    name,
    version,
    description: undefined,
    platform: undefined,
    dependencies: [],
    main: undefined,
    critical,
    timeouts: { start: undefined, stop: undefined },
    sections,
    file: `/app/${name}/module.yaml`,
  };
}

function defaultsOf({ config }: ManifestInput): Record<string, unknown> {
  const { properties = {} } = (config ?? {}) as { properties?: Record<string, { default?: unknown }> };
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, schema.default]));
}

/**
 * A platform with permissions and HTTP on a free port, and the modules given.
 *
 * @param options.apart whether services reach the modules as from another process. Default `false`.
 */
export function createDriver(
  modules: readonly ModuleDefinition[],
  settings: Partial<HttpSettings> = {},
  { apart = false, ...options }: HttpOptions & { readonly apart?: boolean } = {},
): Driver {
  const http = { port: 0, drainDelay: "0ms", ...settings };
  const capabilities = [permissionsCapability(), httpCapability(options)];
  const driver = new Driver(capabilities, { http });
  const remotes = capabilities.flatMap(({ remotes }) => remotes ?? []);
  for (const module of modules) driver.add(apart ? overLinks(module, remotes) : module);
  return driver;
}

export interface AppMore {
  readonly manifest?: Partial<ManifestInput>;
  readonly lifecycle?: (lifecycle: Lifecycle) => void;
}

/** A module that uses the service `Http`. */
export function app(name: string, routes: (http: Http) => void = () => {}, more: AppMore = {}): ModuleDefinition {
  return defineModule(
    { name, version: "1.0.0", ...more.manifest },
    {
      requires: { http: Http },
      setup({ http, lifecycle }) {
        routes(http);
        more.lifecycle?.(lifecycle);
      },
    },
  );
}

/** Where the host of a running driver listens. */
export function urlOf(driver: Driver): string {
  const line = driver.logged(/^listening on /)[0];
  if (line === undefined) throw new Error("the host does not listen");
  return String(line.url);
}
