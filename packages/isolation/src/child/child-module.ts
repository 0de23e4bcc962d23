import {
  type ConnectRemote,
  instanceFor,
  isModuleDefinition,
  type ModuleDefinition,
  platformError,
  type ServiceConsumer,
  type ServiceRefs,
  systemClock,
} from "@plinth/module";
import type { Connection } from "../channel/connection.ts";
import { decodeConsumer } from "../channel/consumer.ts";
import { encodeError, isRecord, type WireError } from "../channel/errors.ts";
import { invoke } from "../channel/invoke.ts";
import { type Description, type GivenService, notify, type SetupInput, serviceTarget } from "../channel/protocol.ts";
import { createLink } from "../channel/remote-link.ts";
import { serviceProxy } from "../channel/service-proxy.ts";
import { ChildLifecycle } from "./child-lifecycle.ts";
import { childLog } from "./child-log.ts";

/** The one module of this process: imported, set up, started and stopped as the host says. */
export class ChildModule {
  readonly #consumer: ServiceConsumer;
  readonly #connection: Connection;
  readonly #ends: Readonly<Record<string, ConnectRemote<unknown>>>;
  readonly #lifecycle: ChildLifecycle;
  #definition: ModuleDefinition | undefined;

  /** @param ends remote services that need no file to be made, by id. */
  constructor(
    consumer: ServiceConsumer,
    connection: Connection,
    ends: Readonly<Record<string, ConnectRemote<unknown>>>,
  ) {
    this.#consumer = consumer;
    this.#connection = connection;
    this.#ends = ends;
    this.#lifecycle = new ChildLifecycle(consumer.name, (error) => {
      notify(connection, "failed", encodeError(error));
    });
  }

  /** @throws what importing the entry throws. */
  async describe(entry: string): Promise<Description | undefined> {
    const loaded: unknown = ((await import(entry)) as { readonly default?: unknown }).default;
    if (!isModuleDefinition(loaded)) return undefined;
    this.#definition = loaded;
    const { manifest, requires, optional, provides } = loaded;
    return {
      // Sections may hold anything; what is asked of them stands in module.yaml.
      manifest: manifest === undefined ? undefined : { name: manifest.name, version: manifest.version },
      requires: idsOf(requires),
      optional: idsOf(optional),
      provides: idsOf(provides),
    };
  }

  async setup({ config, services }: SetupInput): Promise<void> {
    const definition = this.#definition;
    if (definition === undefined) throw new Error("the module has not been imported");
    const context: Record<string, unknown> = {
      config,
      log: childLog(this.#connection),
      clock: systemClock,
      lifecycle: this.#lifecycle.forModule,
    };
    for (const name in definition.optional) context[name] = undefined;
    const connected = new Map<string, unknown>();
    for (const service of services) {
      if (!connected.has(service.id)) connected.set(service.id, await this.#connect(service));
      context[service.name] = connected.get(service.id);
    }
    const result = definition.setup(context as unknown as Parameters<typeof definition.setup>[0]);
    this.#lifecycle.sealSetup();
    this.#provide(definition, result);
  }

  async #connect({ id, isRemote, entry }: GivenService): Promise<unknown> {
    if (!isRemote) return serviceProxy((method, args) => this.#connection.call(serviceTarget(id), method, args));
    const end = this.#ends[id] ?? (await importEnd(id, entry));
    return end(createLink(this.#connection, id, this.#consumer, this.#lifecycle.forModule.signal));
  }

  #provide({ provides }: ModuleDefinition, result: unknown): void {
    const module = this.#consumer.name;
    if (result instanceof Promise) {
      result.catch(() => {}); // the module fails for returning it; its rejection would only repeat that
      throw platformError("WIRING_SETUP_ASYNC", { module });
    }
    for (const [name, { id }] of Object.entries(provides)) {
      const provided = isRecord(result) ? result[name] : undefined;
      if (provided === undefined) throw platformError("WIRING_MISSING_RESULT", { module, service: name });
      const instances = new Map<string, unknown>();
      this.#connection.serve(serviceTarget(id), (method, args, _signal, from) => {
        const caller = from ?? "";
        let instance = instances.get(caller);
        if (instance === undefined) {
          instance = instanceFor(provided, decodeConsumer(caller));
          instances.set(caller, instance);
        }
        return invoke(instance, id, method, args);
      });
    }
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#lifecycle.start(signal);
  }

  async stop(signal: AbortSignal): Promise<readonly WireError[]> {
    return (await this.#lifecycle.stop(signal)).map((error) => encodeError(error));
  }

  health(signal: AbortSignal): Promise<unknown> {
    return this.#lifecycle.health(signal);
  }

  abort(reason: unknown): void {
    this.#lifecycle.abort(reason);
  }

  dependency(name: string, isRunning: boolean): void {
    this.#lifecycle.dependency(name, isRunning);
  }
}

async function importEnd(id: string, entry: string | undefined): Promise<ConnectRemote<unknown>> {
  if (entry === undefined) throw platformError("ISOLATION_NO_END", { service: id });
  return ((await import(entry)) as { readonly default: ConnectRemote<unknown> }).default;
}

function idsOf(refs: ServiceRefs): Record<string, string> {
  return Object.fromEntries(Object.entries(refs).map(([name, { id }]) => [name, id]));
}
