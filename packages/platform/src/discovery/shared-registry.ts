import type { ServiceRegistry } from "@plinth/discovery";
import type { Clock, Logger } from "@plinth/module";
import { inTime } from "./in-time.ts";

/** A registry that cannot be told within this time is left to find out by itself that the process has gone. */
const closeLimitMs = 5_000;

/** The registry of a platform, which all its modules share: theirs to use, the platform's to open and to end. */
export class SharedRegistry {
  #opened: ServiceRegistry | undefined;

  /** What modules get. Disposing of it does nothing. */
  readonly service: ServiceRegistry = {
    register: (spec, options) => this.#registry.register(spec, options),
    resolve: (query, options) => this.#registry.resolve(query, options),
    watch: (query, options) => this.#registry.watch(query, options),
    services: (options) => this.#registry.services(options),
    health: () => this.#opened?.health() ?? { status: "pass", messages: [] },
    async [Symbol.asyncDispose]() {},
  };

  open(registry: ServiceRegistry): void {
    this.#opened = registry;
  }

  /** Ends the registry; what is still registered is taken out. Never rejects, and takes five seconds at most. */
  async close(clock: Clock, log: Logger): Promise<void> {
    const registry = this.#opened;
    if (registry === undefined) return;
    if (await inTime(clock, closeLimitMs, end(registry, log))) return;
    log.warn(`the registry did not end within ${closeLimitMs} ms and is left as it is`);
  }

  get #registry(): ServiceRegistry {
    if (this.#opened === undefined) throw new Error("the registry is opened when the module discovery starts");
    return this.#opened;
  }
}

async function end(registry: ServiceRegistry, log: Logger): Promise<void> {
  try {
    await registry[Symbol.asyncDispose]();
  } catch (error) {
    log.warn({ err: error }, "something could not be taken out of the registry; it goes when its time is up");
  }
}
