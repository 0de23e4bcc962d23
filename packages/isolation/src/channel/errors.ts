import { PlatformError, PlatformErrors, type SourceLocation } from "@plinth/module";

/** What a thrown value is while it goes from one process to the other. */
export type WireError =
  | { readonly value: unknown }
  | {
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause?: WireError;
      readonly errors?: readonly WireError[];
      /** Own properties with simple values, `code` among them. */
      readonly more: Readonly<Record<string, unknown>>;
      readonly at?: readonly SourceLocation[];
    };

/** Causes of causes are followed this far. */
const depthLimit = 8;
const propertyLimit = 32;
const errorsLimit = 64;

/** Takes an error apart so that it can be sent: name, message, stack, code and other simple properties, and its causes. */
export function encodeError(thrown: unknown, depth = 0): WireError {
  if (!(thrown instanceof Error)) return { value: isSimple(thrown) ? thrown : String(thrown) };
  const { cause, errors, at } = thrown as { cause?: unknown; errors?: unknown; at?: readonly SourceLocation[] };
  const deeper = depth < depthLimit;
  return {
    name: String(thrown.name),
    message: String(thrown.message),
    stack: typeof thrown.stack === "string" ? thrown.stack : undefined,
    ...(cause !== undefined && deeper ? { cause: encodeError(cause, depth + 1) } : {}),
    ...(Array.isArray(errors) && deeper
      ? { errors: errors.slice(0, errorsLimit).map((error) => encodeError(error, depth + 1)) }
      : {}),
    more: simpleProperties(thrown),
    ...(isPlatformError(thrown) ? { at: at ?? [] } : {}),
  };
}

function simpleProperties(error: Error): Record<string, unknown> {
  const found: [string, unknown][] = [];
  for (const [key, value] of Object.entries(error)) {
    if (isSimple(value) && found.length < propertyLimit) found.push([key, value]);
  }
  const { code } = error as { code?: unknown };
  if (code !== undefined && isSimple(code)) found.push(["code", code]); // a getter of a class, as DOMException has one
  return Object.fromEntries(found);
}

function isSimple(value: unknown): boolean {
  return value === null || ["string", "number", "boolean", "bigint", "undefined"].includes(typeof value);
}

function isPlatformError(error: Error): boolean {
  return error.name === "PlatformError" && typeof (error as { code?: unknown }).code === "string";
}

/**
 * Puts an error together again. Errors of the platform and those of the language arrive as what they
 * were, others as an `Error` with their name. Whatever another process may have sent, this gives a
 * value that can be thrown.
 */
export function decodeError(wire: unknown): unknown {
  if (!isRecord(wire)) return new Error("an error that could not be read");
  if (!("name" in wire)) return wire.value ?? new Error(`${String(wire.value)} was thrown`);
  const name = String(wire.name);
  const message = String(wire.message);
  const more = isRecord(wire.more) ? wire.more : {};
  const options = wire.cause === undefined ? undefined : { cause: decodeError(wire.cause) };
  const errors = Array.isArray(wire.errors) ? wire.errors.map(decodeError) : [];
  const error = construct(name, message, more, errors, wire.at, options);
  for (const [key, value] of Object.entries(more)) {
    if (!(key in error) && key !== "__proto__") Object.defineProperty(error, key, { value, enumerable: true });
  }
  if (typeof wire.stack === "string") {
    Object.defineProperty(error, "stack", { value: wire.stack, configurable: true, writable: true });
  }
  return error;
}

const ofTheLanguage = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };

function construct(
  name: string,
  message: string,
  more: Readonly<Record<string, unknown>>,
  errors: readonly unknown[],
  at: unknown,
  options: ErrorOptions | undefined,
): Error {
  const { code, fix } = more;
  if (name === "PlatformError" && typeof code === "string") {
    const places = Array.isArray(at) ? (at as SourceLocation[]) : [];
    return new PlatformError({ code, message, fix: String(fix ?? ""), at: places }, options);
  }
  const problems = errors.filter((error) => error instanceof PlatformError);
  if (name === "PlatformErrors" && problems.length > 0) return new PlatformErrors(problems);
  if (name === "AggregateError") return new AggregateError(errors, message, options);
  if (name === "AbortError" || name === "TimeoutError") {
    if (typeof code === "number") return new DOMException(message, name);
  }
  if (Object.hasOwn(ofTheLanguage, name))
    return new ofTheLanguage[name as keyof typeof ofTheLanguage](message, options);
  const error = new Error(message, options);
  if (name !== "Error") Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  return error;
}

/** Whether a value can be looked into by key. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key under which a field of a log line that was an error is sent. */
export const errorField = "plinth.error";
