import type { ServerResponse } from "node:http";
import type { Change } from "./object-store.ts";
import type { RequestTarget } from "./request-path.ts";
import { failure } from "./statuses.ts";
import { bookmark, eventOf, type WatchEvent } from "./watch-events.ts";

/** A watch that a client holds open. A test can make it misbehave. */
export class OpenWatch {
  readonly target: RequestTarget;
  readonly selector: string;
  readonly bookmarks: boolean;
  /** Whether the stream has ended, by whichever side. */
  ended = false;
  readonly #response: ServerResponse;
  readonly #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;
  #frozen = false;

  constructor(
    response: ServerResponse,
    target: RequestTarget,
    options: { readonly selector: string; readonly bookmarks: boolean; readonly timeoutMs: number },
    onEnd: () => void,
  ) {
    this.#response = response;
    this.target = target;
    this.selector = options.selector;
    this.bookmarks = options.bookmarks;
    this.#onEnd = onEnd;
    this.#timer = setTimeout(() => this.end(), options.timeoutMs);
    response.on("close", () => this.#ended());
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
  }

  /** Sends what a change is to this watch. */
  tell(change: Change): void {
    const event = eventOf(change, this.target, this.selector);
    if (event !== undefined) this.send(event);
  }

  send(event: WatchEvent): void {
    this.sendRaw(`${JSON.stringify(event)}\n`);
  }

  /** Sends bytes as they are: half a line, half a character, no JSON. */
  sendRaw(chunk: string | Uint8Array): void {
    if (!this.#frozen && !this.ended) this.#response.write(chunk);
  }

  /** Sends a BOOKMARK, if the client asked for them. */
  bookmark(revision: number, initialEnd = false): void {
    if (this.bookmarks) this.send(bookmark(this.target.resource, revision, initialEnd));
  }

  /** Sends an ERROR event and ends the stream, as the API server does. */
  fail(code: number, reason?: string, message = "the watch failed"): void {
    this.send({ type: "ERROR", object: failure(code, reason, message) });
    this.end();
  }

  end(): void {
    if (!this.#frozen) this.#response.end();
  }

  /** Cuts the connection. */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  /** Keeps the connection open and sends nothing any more, as a peer that is gone without a word. */
  freeze(): void {
    this.#frozen = true;
    clearTimeout(this.#timer);
  }

  #ended(): void {
    this.ended = true;
    clearTimeout(this.#timer);
    this.#onEnd();
  }
}
