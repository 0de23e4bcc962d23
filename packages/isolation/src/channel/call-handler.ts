/** Answers calls of one target. `signal` aborts when the caller has given up, or is gone. */
export type CallHandler = (method: string, args: unknown[], signal: AbortSignal, from: string | undefined) => unknown;

/** Calls a handler. What it throws is never falsy, as birpc asks the error itself whether there is one. */
export function handlerResult(
  handler: CallHandler,
  method: string,
  args: unknown[],
  signal: AbortSignal,
  from: string | undefined,
): unknown {
  try {
    return handler(method, args, signal, from);
  } catch (thrown) {
    throw neverFalsy(thrown);
  }
}

/** The same for what a handler's promise rejects with. */
export function pending(result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  return result.catch((thrown: unknown) => {
    throw neverFalsy(thrown);
  });
}

function neverFalsy(thrown: unknown): unknown {
  return thrown || new Error(`${String(thrown)} was thrown`);
}
