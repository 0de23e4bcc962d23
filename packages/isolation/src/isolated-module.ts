import {
  defineModule,
  type Logger,
  type ModuleContext,
  type ModuleDefinition,
  type ModuleSpec,
  type NoRefs,
  platformError,
  type RemoteService,
  type ServiceConsumer,
  type ServiceRefs,
  service,
} from "@plinth/module";
import { decodeError, encodeError } from "./channel/errors.ts";
import { invoke } from "./channel/invoke.ts";
import { type Description, type GivenService, type SetupInput, serviceTarget } from "./channel/protocol.ts";
import { createLink } from "./channel/remote-link.ts";
import { logLine } from "./host/log-line.ts";
import type { ModuleProcess } from "./host/module-process.ts";
import { providedService } from "./host/provided-service.ts";
import { entryOfRemote } from "./host/remote-entry.ts";

/** What a module in a process of its own is made with. */
export interface IsolatedParts {
  readonly module: ServiceConsumer;
  // biome-ignore lint/suspicious/noExplicitAny: a list of services of any type
  readonly remotes: readonly RemoteService<any>[];
  /** Where goes what the process writes while the module is not set up. */
  readonly log: Logger;
  /** Milliseconds from the abort of a start to the end of the process. */
  readonly exitMs: number;
  /** Starts a process. */
  spawn(listener: ProcessListener): ModuleProcess;
  /**
   * Whether a process that was started before the description was known can run the module; when not,
   * the next one that is started can.
   */
  suits(description: Description): boolean;
  /** Imports the module's code there. @throws PlatformError that says what is wrong with it. */
  describe(process: ModuleProcess, signal: AbortSignal | undefined): Promise<Description>;
}

/** Is told what a process says of itself. */
export interface ProcessListener {
  onNotice(method: string, args: readonly unknown[]): void;
  onLine(line: string, stream: "stdout" | "stderr"): void;
}

type Context = ModuleContext<unknown> & Readonly<Record<string, unknown>>;

/**
 * A module whose code is in another process. In the host there is a definition that stands for it:
 * its `setup` and its hooks pass on what they are called with. They may be called again and again;
 * a process is started each time there is none.
 */
export class IsolatedModule {
  readonly #parts: IsolatedParts;
  #process: ModuleProcess | undefined;
  /** The process in which the module is set up, so that its services can be called. */
  #serving: ModuleProcess | undefined;
  #context: Context | undefined;

  constructor(parts: IsolatedParts) {
    this.#parts = parts;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts a process, imports the module's code there, and returns what stands for it here. */
  async load(signal: AbortSignal): Promise<ModuleDefinition> {
    const description = await this.#import(signal);
    if (!this.#parts.suits(description)) await this.#process?.end();
    const provides = refsOf(description.provides);
    const provided = Object.fromEntries(
      Object.entries(provides).map(([name, ref]) => [name, providedService(ref, () => this.#serving?.connection)]),
    );
    const spec = {
      requires: refsOf(description.requires),
      optional: refsOf(description.optional),
      provides,
      setup: (context: Context) => {
        this.#setup(context, description);
        return provided;
      },
    } as unknown as ModuleSpec<Readonly<Record<string, unknown>>, NoRefs, NoRefs, NoRefs>;
    return description.manifest === undefined ? defineModule(spec) : defineModule(description.manifest, spec);
  }

  /** Ends the process. */
  async unload(): Promise<void> {
    await this.#process?.end();
  }

  async #import(signal: AbortSignal | undefined): Promise<Description> {
    const process: ModuleProcess = this.#parts.spawn({
      onNotice: (method, args) => this.#notice(method, args),
      onLine: (line, stream) => (this.#context?.log ?? this.#parts.log).info({ stream }, line),
    });
    this.#process = process;
    void process.ended.then((failure) => this.#ended(process, failure));
    return this.#parts.describe(process, signal);
  }

  #setup(context: Context, description: Description): void {
    const { lifecycle } = context;
    this.#context = context;
    lifecycle.onStart((signal) => this.#start(context, description, signal));
    lifecycle.onStop((signal) => this.#stop(signal));
    lifecycle.onHealth(async (signal) => this.#process?.ask("health", [], signal));
    lifecycle.onDependency((name, isRunning) => this.#process?.tell("dependency", [name, isRunning]));
  }

  async #start(context: Context, description: Description, signal: AbortSignal): Promise<void> {
    const killing = this.#killAfterAbort(context, signal);
    try {
      const process = await this.#loadedProcess(description, signal);
      const services = this.#give(process, context, description);
      const input: SetupInput = { config: context.config, services };
      await process.ask("setup", [input], signal);
      this.#serving = process;
      await process.ask("start", [], signal);
      process.watchHeartbeat();
      const { signal: stopping } = context.lifecycle;
      stopping.addEventListener("abort", () => process.tell("abort", [encodeError(stopping.reason)]), { once: true });
    } catch (error) {
      this.#serving = undefined;
      await this.#process?.end();
      throw error;
    } finally {
      killing.cancel();
    }
  }

  /** The process that is there, or a new one. */
  async #loadedProcess(description: Description, signal: AbortSignal): Promise<ModuleProcess> {
    if (this.#process === undefined) {
      const found = await this.#import(signal);
      if (!isSame(found, description)) {
        throw platformError("ISOLATION_CODE_CHANGED", { module: this.#parts.module.name });
      }
    }
    const process = this.#process;
    if (process === undefined) throw new DOMException("the process has ended", "AbortError");
    return process;
  }

  /** Lets the process call the services that the module was given. */
  #give(process: ModuleProcess, context: Context, description: Description): GivenService[] {
    const { connection } = process;
    const { module, remotes } = this.#parts;
    const given: GivenService[] = [];
    for (const [name, id] of Object.entries({ ...description.requires, ...description.optional })) {
      const instance = context[name];
      if (instance === undefined) continue;
      const remote = remotes.find((candidate) => candidate.service.id === id);
      const isKnown = given.some((other) => other.id === id);
      given.push({ name, id, isRemote: remote !== undefined, entry: remote && entryOfRemote(remote) });
      if (isKnown) continue; // one service under two names
      if (remote === undefined) {
        connection.serve(serviceTarget(id), (method, args) => invoke(instance, id, method, args));
      } else {
        // The module's requests in progress and its stop hooks may use the service while it stops.
        remote.serve(instance, createLink(connection, id, module, connection.signal));
      }
    }
    return given;
  }

  async #stop(signal: AbortSignal): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    const kill = () => process.kill();
    signal.addEventListener("abort", kill, { once: true });
    try {
      const thrown = (await process.ask("stop", [])).map(decodeError);
      if (thrown.length === 1) throw thrown[0];
      if (thrown.length > 1) throw new AggregateError(thrown, thrown.map(String).join("; "));
    } finally {
      this.#serving = undefined;
      await process.end();
      signal.removeEventListener("abort", kill);
    }
  }

  /** What hangs in a start that was given up is killed after a while. */
  #killAfterAbort({ clock }: Context, signal: AbortSignal): { cancel(): void } {
    let timer: { cancel(): void } | undefined;
    const onAbort = () => {
      timer = clock.timer(this.#parts.exitMs, () => this.#process?.kill());
    };
    signal.addEventListener("abort", onAbort, { once: true });
    return {
      cancel() {
        signal.removeEventListener("abort", onAbort);
        timer?.cancel();
      },
    };
  }

  #notice(method: string, args: readonly unknown[]): void {
    if (method === "log") logLine(this.#context?.log ?? this.#parts.log, args);
    if (method === "failed") this.#context?.lifecycle.fail(asError(decodeError(args[0])));
  }

  #ended(process: ModuleProcess, failure: Error | undefined): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    const wasServing = this.#serving === process;
    this.#serving = undefined;
    if (wasServing && failure !== undefined) this.#context?.lifecycle.fail(failure);
  }
}

function refsOf(ids: Readonly<Record<string, string>>): ServiceRefs {
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, service(id)]));
}

function isSame(one: Description, other: Description): boolean {
  const [a, b] = [one, other].map(({ requires, optional, provides }) =>
    JSON.stringify([requires, optional, provides].map((ids) => Object.entries(ids).sort())),
  );
  return a === b;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
