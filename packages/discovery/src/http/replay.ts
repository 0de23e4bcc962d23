import type { Dispatcher } from "undici";

const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "QUERY"]);

/** Whether sending the request twice does what sending it once does: by its method, unless `idempotent` says otherwise. */
export function isIdempotent({ idempotent, method }: Dispatcher.DispatchOptions): boolean {
  return idempotent ?? idempotentMethods.has(method);
}

/** Whether the body can be sent again after it was sent. */
export function isReplayable(body: unknown): boolean {
  return body === null || body === undefined || typeof body === "string" || isBytes(body);
}

const brokenConnection: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Whether the error says that the connection broke: the server may or may not have seen the request. */
export function isBrokenConnection(error: unknown): boolean {
  return brokenConnection.has(codeOf(error));
}

/** Whether the error is about the request itself, which no instance would take. */
export function isOwnFault(error: unknown): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_ABORTED" || code === "UND_ERR_NOT_SUPPORTED";
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function isBytes(body: unknown): boolean {
  return ArrayBuffer.isView(body) || body instanceof ArrayBuffer;
}
