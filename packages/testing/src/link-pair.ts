import { PlatformError, type RemoteHandler, type RemoteLink, type ServiceConsumer } from "@plinth/module";

/** Both ends of a connection of one service, in one process. */
export interface LinkPair extends Disposable {
  /** For {@link RemoteService.serve}. */
  readonly host: RemoteLink;
  /** For {@link ConnectRemote}. */
  readonly child: RemoteLink;
  /** Ends the connection, as when the module's process is gone: calls under way are rejected. */
  end(): void;
}

/**
 * A connection as a module in a process of its own has it to the host, without the process: arguments,
 * results and errors are copied, and calls arrive later, in the order in which they were made.
 *
 * @param module the name of the module in the other process. Its version is 1.0.0.
 */
export function linkPair(module: string): LinkPair {
  const controller = new AbortController();
  const consumer: ServiceConsumer = { name: module, version: "1.0.0" };
  const host = new End(consumer, controller.signal);
  const child = new End(consumer, controller.signal);
  host.other = child;
  child.other = host;
  const end = () => controller.abort(new Error(`the process of the module "${module}" is gone`));
  return { host, child, end, [Symbol.dispose]: end };
}

class End implements RemoteLink {
  readonly module: ServiceConsumer;
  readonly signal: AbortSignal;
  readonly #handlers = new Map<string, RemoteHandler>();
  other: End = this;

  constructor(module: ServiceConsumer, signal: AbortSignal) {
    this.module = module;
    this.signal = signal;
  }

  handle(method: string, handler: RemoteHandler): void {
    this.#handlers.set(method, handler);
  }

  async call<Result>(
    method: string,
    args: readonly unknown[] = [],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    this.signal.throwIfAborted();
    options.signal?.throwIfAborted();
    const sent = structuredClone(args);
    const giveUp = AbortSignal.any([this.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const given = Promise.withResolvers<never>();
    const abandon = () => given.reject(giveUp.reason);
    giveUp.addEventListener("abort", abandon, { once: true });
    try {
      return structuredClone(await Promise.race([this.other.#answer(method, sent, giveUp), given.promise])) as Result;
    } finally {
      giveUp.removeEventListener("abort", abandon);
    }
  }

  async #answer(method: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    await new Promise((resolve) => setImmediate(resolve));
    const handler = this.#handlers.get(method);
    if (handler === undefined) throw new Error(`nothing answers calls of "${method}"`);
    try {
      return structuredClone(await handler(args, signal));
    } catch (error) {
      throw copyOf(error);
    }
  }
}

/** An error as the contract says that it arrives: with its simple properties, and the platform's own as they were. */
function copyOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return structuredClone(thrown);
  const { name, message, stack } = thrown;
  const simple = Object.entries(thrown).filter(([, value]) => typeof value !== "object" && typeof value !== "function");
  const copy =
    thrown instanceof PlatformError
      ? new PlatformError(thrown.toJSON())
      : Object.assign(new Error(message), { name, ...Object.fromEntries(simple) });
  return Object.assign(copy, { stack });
}
