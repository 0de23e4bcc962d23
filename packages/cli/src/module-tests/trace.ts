const depth = 40;

/** Where we are, outside of `inner` and of what it calls. Its `stack` is put together when somebody reads it. */
export function traceOutside(inner: (...args: never[]) => unknown): { readonly stack?: string } {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const trace = {};
  Error.captureStackTrace(trace, inner);
  Error.stackTraceLimit = before;
  return trace;
}
