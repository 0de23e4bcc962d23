import { IncomingMessage } from "node:http";
import type { Mount } from "./mount.ts";

/** A request and what the host knows of it. */
export class TrackedRequest extends IncomingMessage {
  /** Unique in this process; in logs, and in problems that hide their cause. */
  requestId = "";
  /** When it arrived, on the clock's monotonic scale. */
  arrivedAt = 0;
  /** The path that was asked for, without the query. */
  path = "";
  /** The module whose prefix fits; empty for none. */
  module = "";
  /** Where the request was handed to; `undefined` when the host answered itself. */
  mount: Mount | undefined = undefined;
  /** The pattern of the route that matched, with the prefix; empty for none. */
  route = "";
}
