import { type Clock, platformError, type RemoteLink } from "@plinth/module";
import type {
  ConnectionLender,
  ConnectionOwner,
  LentConnection,
  NotificationListener,
  TaggedResult,
} from "../connection.ts";
import { Holders } from "../holders.ts";
import { Listeners } from "../listeners.ts";
import { Queue } from "../queue.ts";
import { buffersIn, sendableParameters } from "./crossing-values.ts";
import type { DatabaseBeginning } from "./serve-database.ts";

/**
 * Connections that live in the host. One is taken there with its first statement, so that a single
 * statement costs one way there and back. No more are asked for than the host has: those who wait do so
 * here, where they are in nobody's way.
 */
export class RemoteConnections implements ConnectionLender {
  readonly #link: RemoteLink;
  readonly #beginning: DatabaseBeginning;
  readonly #queue: Queue;
  readonly #holders: Holders;
  readonly #listeners = new Listeners();
  #lastId = 0;

  constructor(link: RemoteLink, beginning: DatabaseBeginning, clock: Clock) {
    this.#link = link;
    this.#beginning = beginning;
    this.#queue = new Queue(clock, beginning.connections);
    this.#holders = new Holders(clock);
    link.handle("notify", ([channel, payload]) => this.#listeners.tell(String(channel), payload as string | undefined));
  }

  async acquire(owner: ConnectionOwner): Promise<LentConnection> {
    const { acquireTimeoutMs: limit } = this.#beginning;
    if (!(await this.#queue.enter(limit))) {
      throw platformError("DATABASE_BUSY", { module: owner.name, limit, holders: this.#holders.describe() });
    }
    const held = this.#hold();
    this.#holders.add(held, owner);
    return held;
  }

  listen(channel: string, listener: NotificationListener): () => void {
    if (this.#listeners.add(channel, listener)) this.#tell("listen", channel);
    return () => {
      if (this.#listeners.remove(channel, listener)) this.#tell("unlisten", channel);
    };
  }

  #hold(): LentConnection {
    this.#lastId++;
    const id = this.#lastId;
    let isTaken = false;
    const giveBack = (method: "release" | "discard") => {
      if (!this.#holders.remove(held)) return;
      if (isTaken) this.#tell(method, id);
      this.#queue.leave();
    };
    const held: LentConnection = {
      processId: undefined,
      query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
        isTaken = true;
        const args = parameters === undefined ? [id, sql] : [id, sql, sendableParameters(parameters)];
        const result = await this.#link.call<TaggedResult<Row>>("query", args);
        return this.#beginning.kind === "postgres" ? buffersIn(result) : result;
      },
      release: () => giveBack("release"),
      discard: () => giveBack("discard"),
    };
    return held;
  }

  /** Where the host is gone, so is what it would have to be told of. */
  #tell(method: string, argument: unknown): void {
    this.#link.call(method, [argument]).catch(() => {});
  }
}
