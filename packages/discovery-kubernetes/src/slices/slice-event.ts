import { ApiError } from "../api/api-error.ts";
import type { EndpointSlice, Status } from "../api/objects.ts";

/** What one line of a watch says. */
export interface SliceEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  /** How far the watch has come with it. */
  readonly version: string;
  /** Complete but for bookmarks, which carry nothing but their version. */
  readonly slice: EndpointSlice;
}

/** The stream cannot be read on: what it lost is not known. */
export class BrokenStream extends Error {
  override readonly name = "BrokenStream";
}

/**
 * Reads a line. `undefined` for a type of event that is not known here.
 *
 * @throws BrokenStream for a line that is no event, ApiError for an ERROR event.
 */
export function parseEvent(line: string): SliceEvent | undefined {
  const { type, object } = parsed(line);
  if (type === "ERROR") {
    const status = object as Status;
    throw new ApiError(status.code ?? 500, status, (status.details?.retryAfterSeconds ?? 0) * 1000);
  }
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED" && type !== "BOOKMARK") return undefined;
  const slice = object as EndpointSlice;
  const { name, resourceVersion } = slice.metadata ?? {};
  if (typeof resourceVersion !== "string" || (type !== "BOOKMARK" && typeof name !== "string")) {
    throw new BrokenStream(`an event without ${typeof resourceVersion === "string" ? "a name" : "a resourceVersion"}`);
  }
  return { type, version: resourceVersion, slice };
}

function parsed(line: string): { readonly type: unknown; readonly object: object } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new BrokenStream(`a line that is no JSON: ${line.slice(0, 80)}`, { cause });
  }
  const { type, object } = (value ?? {}) as { readonly type?: unknown; readonly object?: unknown };
  if (typeof object !== "object" || object === null) throw new BrokenStream("a line that is no event");
  return { type, object };
}
