import type { Clock } from "@plinth/module";
import type { ApiClient } from "../api/api-client.ts";
import { LineSplitter } from "../api/line-splitter.ts";
import { BrokenStream, parseEvent, type SliceEvent } from "./slice-event.ts";

/** One watch. */
export interface SliceWatching {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly path: string;
  readonly labelSelector: string;
  /** Events begin after this version. */
  readonly version: string;
  /** After how long the server is to end the watch. */
  readonly timeoutMs: number;
  /** The longest line that is read. */
  readonly maxLineBytes: number;
  /** The server has accepted the watch. */
  onOpen(): void;
  /** The events of one chunk, at least one. */
  onEvents(events: readonly SliceEvent[]): void;
}

/** The server neither ended the watch when it was to, nor closed the connection. */
export class WatchOverdue extends Error {
  override readonly name = "WatchOverdue";

  constructor(timeoutMs: number) {
    super(`the watch stands still: it should have ended after ${Math.round(timeoutMs / 1000)} s`);
  }
}

/** How long the server gets, beyond the time it was given, to end a watch. */
const graceMs = 30_000;

/**
 * Watches until the server ends the stream. Quiet is no failure; an absolute deadline finds connections that are dead
 * without a word.
 *
 * @throws ApiError for a refusal and for an ERROR event, BrokenStream, WatchOverdue, or the connection's error.
 */
export async function watchSlices(watching: SliceWatching, signal: AbortSignal): Promise<void> {
  const { client, clock, path, labelSelector, version, timeoutMs, maxLineBytes } = watching;
  const end = new AbortController();
  const aborted = (): void => end.abort(signal.reason);
  if (signal.aborted) aborted();
  signal.addEventListener("abort", aborted, { once: true });
  const deadline = clock.timer(timeoutMs + graceMs, () => end.abort(new WatchOverdue(timeoutMs)));
  try {
    const query = {
      watch: "true",
      allowWatchBookmarks: "true",
      labelSelector,
      resourceVersion: version,
      timeoutSeconds: String(Math.round(timeoutMs / 1000)),
    };
    const stream = await client.watch({ path, query }, end.signal);
    watching.onOpen();
    const splitter = new LineSplitter(maxLineBytes);
    for await (const chunk of stream) {
      if (end.signal.aborted) break;
      readChunk(splitter, chunk, watching);
    }
    if (end.signal.aborted) throw end.signal.reason;
  } catch (error) {
    throw end.signal.aborted ? end.signal.reason : error;
  } finally {
    deadline.cancel();
    signal.removeEventListener("abort", aborted);
    end.abort(new Error("the watch has ended"));
  }
}

/** Hands on what a chunk completes, also when a later line in it is an error. */
function readChunk(splitter: LineSplitter, chunk: Uint8Array, { onEvents }: Pick<SliceWatching, "onEvents">): void {
  const events: SliceEvent[] = [];
  try {
    for (const line of linesOf(splitter, chunk)) {
      const event = parseEvent(line);
      if (event !== undefined) events.push(event);
    }
  } finally {
    if (events.length > 0) onEvents(events);
  }
}

function linesOf(splitter: LineSplitter, chunk: Uint8Array): string[] {
  try {
    return splitter.push(chunk);
  } catch (cause) {
    throw new BrokenStream(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
