import { type Duration, durationPattern, parseDuration } from "@plinth/module";
import * as z from "zod";

const duration = z.string().regex(new RegExp(durationPattern), "must be a duration such as 500ms, 30s or 2m");

const withDefault = (fallback: Duration, description: string) => duration.default(fallback).describe(description);
const text = (description: string) => z.string().min(1).max(1_024).describe(description);

const tls = z
  .strictObject({
    caFile: text("The authorities to trust instead of the system's, as PEM.").optional(),
    certFile: text("The client's certificate, as PEM.").optional(),
    keyFile: text("The key of the client's certificate, as PEM.").optional(),
    serverName: text("The name that the agent's certificate must bear. Default: the address's host.").optional(),
  })
  .describe("How to talk to the agent over TLS. Files are relative to the platform's folder.");

const consul = z
  .strictObject({
    address: z
      .string()
      .regex(/^https?:\/\//, "must be a URL such as http://127.0.0.1:8500")
      .optional()
      .describe(
        "The agent of this machine, never a load balancer. Default: CONSUL_HTTP_ADDR, else http://127.0.0.1:8500.",
      ),
    token: text("The token. Default: CONSUL_HTTP_TOKEN.").meta({ writeOnly: true }).optional(),
    tokenFile: text("A file with the token, read again whenever the token is refused.").optional(),
    tls: tls.optional(),
    datacenter: text("The datacenter to read from. Default: the agent's.").optional(),
    namespace: text("The namespace, in Consul Enterprise.").optional(),
    partition: text("The partition, in Consul Enterprise.").optional(),
    ttl: withDefault(
      "15s",
      "How long an instance counts as alive after its last sign of life, which comes at a third of it.",
    ),
    deregisterAfter: withDefault("1m", "How long after that Consul takes the instance out; at least a minute."),
  })
  .describe("For the driver consul.");

const kubernetes = z
  .strictObject({
    mode: z
      .enum(["adopt", "managed"])
      .default("adopt")
      .describe(
        "adopt: a Service's selector and the pod's readiness decide, and nothing is written. managed: an EndpointSlice of each instance's own, for processes outside a pod and Services without a selector.",
      ),
    namespace: text("Default: the pod's, or that of the kubeconfig's context.").optional(),
    kubeconfig: text(
      "The kubeconfig, relative to the platform's folder. Default: KUBECONFIG, the pod's service account, ~/.kube/config.",
    ).optional(),
    context: text("The context in the kubeconfig. Default: the current one.").optional(),
    lease: withDefault("30s", "managed: how long an entry outlives its process."),
  })
  .describe("For the driver kubernetes.");

const advertise = z
  .strictObject({
    host: z
      .string()
      .regex(/^[^\s/[\]]{1,255}$/, "must be a host name or an address, IPv6 without brackets")
      .optional()
      .describe(
        "The host. Default: what the HTTP host listens on; for 0.0.0.0 and ::, what the registry knows this machine by.",
      ),
    port: z.int().min(1).max(65_535).optional().describe("The port. Default: the HTTP host's."),
  })
  .describe("Where others reach this platform's HTTP host, when it is not where it listens.");

const settings = z.strictObject({
  driver: z
    .enum(["memory", "consul", "kubernetes"])
    .default("memory")
    .describe("Where services are announced and found. memory: inside this process."),
  instance: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be 1 to 128 letters, digits, dots, hyphens and underscores")
    .optional()
    .describe("Tells this process from others of this machine. Default: the machine's name and the HTTP port."),
  advertise: advertise.optional(),
  region: text("Where this process runs.").optional(),
  zone: text("The zone where this process runs; callers prefer instances of their own.").optional(),
  weight: z.int().min(1).max(65_535).default(1).describe("This process's share of requests beside others."),
  drainGrace: duration
    .optional()
    .describe(
      "How long callers get to notice that this process leaves, before modules stop. Default: 5s, and 0s for the driver memory.",
    ),
  healthInterval: withDefault("5s", "How often the modules' health is told to the registry."),
  consul: consul.optional(),
  kubernetes: kubernetes.optional(),
});

/** The settings of the module `discovery`, with defaults: the key `discovery` of platform.yaml. */
export type DiscoverySettings = z.output<typeof settings>;

/** The settings of the driver consul. */
export type ConsulSettings = z.output<typeof consul>;

/** The settings of the driver kubernetes. */
export type KubernetesSettings = z.output<typeof kubernetes>;

/** The settings as JSON Schema: what the module's manifest says under `config`. */
export function settingsSchema(): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = settings["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  return schema;
}

/** The milliseconds of a duration that has been validated. */
export function milliseconds(text: string): number {
  return parseDuration(text) ?? 0;
}

/** How long callers get to notice that this process leaves, in milliseconds. */
export function drainGraceMs({ driver, drainGrace }: DiscoverySettings): number {
  return milliseconds(drainGrace ?? (driver === "memory" ? "0s" : "5s"));
}
