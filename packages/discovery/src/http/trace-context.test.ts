import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { request } from "undici";
import { afterEach, beforeEach, expect, it } from "vitest";
import { discoveryDispatcher } from "./discovery-dispatcher.ts";
import { TestServices } from "./servers.fixture.ts";
import { withTraceContext } from "./trace-context.ts";

const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const traceparent = `00-${spanContext.traceId}-${spanContext.spanId}-01`;

/** What an SDK registers: the context of the present task, and how it is written into headers. */
const storage = new AsyncLocalStorage<Context>();
const w3c: TextMapPropagator = {
  inject(active, carrier, setter) {
    const span = trace.getSpanContext(active);
    if (span === undefined || !isSpanContextValid(span)) return;
    setter.set(carrier, "traceparent", `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
  },
  extract: (active) => active,
  fields: () => ["traceparent"],
};

beforeEach(() => {
  propagation.setGlobalPropagator(w3c);
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...args) => storage.run(active, () => run.apply(self as never, args)),
    bind: (_active, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
});

afterEach(() => {
  propagation.disable();
  context.disable();
});

const inSpan = <T>(run: () => T): T => context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), run);
const options = { path: "/", method: "GET" } as const;

it("passes the active trace on to the instance", async () => {
  const services = new TestServices();
  await services.start("one", ({ headers }, response) => void response.end(headers.traceparent ?? "none"));
  const dispatcher = discoveryDispatcher(services.registry);
  const ask = async () => (await request("http://users.service/", { dispatcher })).body.text();
  expect(await inSpan(ask)).toBe(traceparent);
  expect(await ask()).toBe("none");
  const without = discoveryDispatcher(services.registry, { traceContext: false });
  const asked = inSpan(() => request("http://users.service/", { dispatcher: without }));
  expect(await (await asked).body.text()).toBe("none");
  await Promise.all([dispatcher.close(), without.close()]);
  await services.close();
});

it("adds to headers of every form, and leaves those alone that are there", () => {
  const headersOf = (headers: Parameters<typeof withTraceContext>[0]["headers"]): unknown =>
    inSpan(() => withTraceContext({ ...options, headers: headers as never }).headers);
  expect(headersOf(null)).toEqual({ traceparent });
  expect(headersOf({ a: "1" })).toEqual({ a: "1", traceparent });
  expect(headersOf(["a", "1"])).toEqual(["a", "1", "traceparent", traceparent]);
  expect(headersOf(new Headers({ a: "1" }))).toEqual(["a", "1", "traceparent", traceparent]);
  expect(headersOf({ TraceParent: "own" })).toEqual({ TraceParent: "own" });
});

it("costs nothing where there is no trace", () => {
  expect(withTraceContext(options)).toBe(options);
});
