/** The five-character SQLSTATE of a driver's error; `undefined` when the error did not come from the server. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !networkCodes.has(code) ? code : undefined;
}

/** Codes of the operating system that look like a SQLSTATE. */
const networkCodes = new Set(["EPERM", "EPIPE", "EBUSY", "EFBIG", "EXDEV", "EROFS"]);

/** Whether the connection itself is gone, so that nobody knows what became of the last statement. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return state.startsWith("08") || ["57P01", "57P02", "57P03", "25P03"].includes(state);
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNREFUSED", "ENOTCONN", "ERR_STREAM_DESTROYED"].includes(code) ||
    /connection (terminated|ended)|not queryable|connection error/i.test(error.message)
  );
}

/** What an error says of itself. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
