import { type Duration, durationPattern, parseDuration } from "@plinth/module";
import * as z from "zod";

function duration(fallback: Duration, description: string) {
  return z
    .string()
    .regex(new RegExp(durationPattern), "must be a duration such as 500ms, 30s or 2m")
    .default(fallback)
    .describe(description);
}

const settings = z.strictObject({
  host: z.string().min(1).max(255).default("127.0.0.1").describe("The address to listen on."),
  port: z.int().min(0).max(65_535).default(8080).describe("The port to listen on; 0 takes a free one."),
  trustProxy: z
    .union([z.boolean(), z.string(), z.array(z.string())])
    .default(false)
    .describe("Whose X-Forwarded headers to believe: true for everybody's, or addresses and networks of proxies."),
  drainDelay: duration(
    "1s",
    "How long /readyz answers 503 while requests are still served, before modules stop: the time that a load balancer needs to notice.",
  ),
  drainTimeout: duration("5s", "How long requests in progress may take to end when a module, or the host, stops."),
  bodyLimit: z.int().min(1).default(1_048_576).describe("The most bytes of a request's body."),
  requestTimeout: duration("30s", "How long a client may take to send a whole request; 0s for any time."),
  headersTimeout: duration("10s", "How long a client may take to send the headers of a request; 0s for any time."),
  keepAliveTimeout: duration(
    "72s",
    "How long an idle connection is kept: longer than the proxy in front of the platform keeps it.",
  ),
  maxHeaderSize: z.int().min(1024).max(1_048_576).default(16_384).describe("The most bytes of a request's headers."),
  maxHeaderCount: z.int().min(8).max(10_000).default(100).describe("The most headers of a request."),
  healthTimeout: duration("5s", "How long /readyz waits for the health checks of all modules."),
  healthMaxAge: duration("1s", "How long a result of the health checks is used again."),
});

/** The settings of the module `http`, with defaults: the key `http` of platform.yaml. */
export type HttpSettings = z.output<typeof settings>;

/** The settings as JSON Schema: what the module's manifest says under `config`. */
export function settingsSchema(): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = settings["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  return schema;
}

/** The settings with their durations in milliseconds. */
export interface HttpLimits
  extends Omit<
    HttpSettings,
    | "drainDelay"
    | "drainTimeout"
    | "requestTimeout"
    | "headersTimeout"
    | "keepAliveTimeout"
    | "healthTimeout"
    | "healthMaxAge"
  > {
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly healthTimeoutMs: number;
  readonly healthMaxAgeMs: number;
}

/** Reads validated settings. */
export function limitsOf(settings: HttpSettings): HttpLimits {
  const ms = (text: string) => parseDuration(text) ?? 0;
  return {
    host: settings.host,
    port: settings.port,
    trustProxy: settings.trustProxy,
    bodyLimit: settings.bodyLimit,
    maxHeaderSize: settings.maxHeaderSize,
    maxHeaderCount: settings.maxHeaderCount,
    drainDelayMs: ms(settings.drainDelay),
    drainTimeoutMs: ms(settings.drainTimeout),
    requestTimeoutMs: ms(settings.requestTimeout),
    headersTimeoutMs: ms(settings.headersTimeout),
    keepAliveTimeoutMs: ms(settings.keepAliveTimeout),
    healthTimeoutMs: ms(settings.healthTimeout),
    healthMaxAgeMs: ms(settings.healthMaxAge),
  };
}
