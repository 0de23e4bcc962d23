import { context, propagation, type TextMapSetter } from "@opentelemetry/api";
import type { Dispatcher } from "undici";

type Headers = Dispatcher.DispatchOptions["headers"];

interface Carrier {
  headers: [string, string][] | undefined;
}

const collect: TextMapSetter<Carrier> = {
  set(carrier, key, value) {
    carrier.headers ??= [];
    carrier.headers.push([key, value]);
  },
};

/**
 * The options with the active trace context in their headers, as the global propagator writes it (W3C
 * `traceparent` and `tracestate`, unless the application set another). Headers that are there already
 * win. Without a propagator, or a context, the options themselves.
 */
export function withTraceContext<Options extends Dispatcher.DispatchOptions>(options: Options): Options {
  const carrier: Carrier = { headers: undefined };
  propagation.inject(context.active(), carrier, collect);
  if (carrier.headers === undefined) return options;
  const names = headerNames(options.headers);
  const added = carrier.headers.filter(([name]) => !names.has(name.toLowerCase()));
  return added.length === 0 ? options : { ...options, headers: joined(options.headers, added) };
}

function headerNames(headers: Headers): ReadonlySet<string> {
  const names = entriesOf(headers).map(([name]) => name.toLowerCase());
  return new Set(names);
}

function joined(headers: Headers, added: readonly [string, string][]): Headers {
  const listed = typeof headers === "object" && headers !== null && Symbol.iterator in headers;
  if (listed) return [...entriesOf(headers), ...added].flat() as string[];
  return { ...(headers as Record<string, string>), ...Object.fromEntries(added) };
}

function entriesOf(headers: Headers): [string, unknown][] {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers)) {
    const flat = headers as string[];
    return Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2] as string, flat[index * 2 + 1]]);
  }
  if (Symbol.iterator in headers) return [...(headers as Iterable<[string, unknown]>)];
  return Object.entries(headers);
}
