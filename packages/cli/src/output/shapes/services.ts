import * as z from "zod";
import { problem } from "./common.ts";
import { defineLines, defineOutput } from "./define.ts";

const state = z.enum(["up", "warning", "draining", "down"]);
const count = z.int().nullable();

const endpoint = z
  .strictObject({ name: z.string(), protocol: z.string(), host: z.string(), port: z.int() })
  .meta({ id: "Endpoint", description: "an address of an instance" });

const instance = z
  .strictObject({
    id: z.string(),
    service: z.string(),
    version: z.string().optional(),
    endpoints: z.array(endpoint),
    state,
    weight: z.number().describe("its share of requests beside the others"),
    locality: z
      .strictObject({
        region: z.string().optional(),
        zone: z.string().optional(),
        node: z.string().optional(),
        hintZones: z.array(z.string()).optional().describe("zones whose callers should come to this instance"),
      })
      .optional(),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: "Instance", description: "an instance of a service" });

const snapshot = {
  service: z.string(),
  status: z.enum(["live", "stale"]).describe("stale: the registry cannot be asked at the moment"),
  observedAt: z.iso.datetime().describe("when the registry last confirmed the instances"),
  staleSince: z.iso.datetime().nullable().describe("since when it cannot be asked"),
  lastError: problem.nullable().describe("why it cannot be asked"),
  instances: z.array(instance),
};

export const servicesList = defineOutput("the services that have instances, by name", {
  services: z
    .array(
      z.strictObject({
        name: z.string(),
        up: count,
        warning: count,
        draining: count,
        down: count,
        versions: z.array(z.string()),
      }),
    )
    .describe("with the number of instances by state; null for a service whose name no platform can call"),
});

export const servicesShow = defineOutput("the instances of a service, in every state", snapshot);

export const servicesWatch = defineLines("the instances of a service, at first and with each change", snapshot);

export const servicesResolve = defineOutput("where a call to a service would go", {
  service: z.string(),
  targets: z
    .array(
      z.strictObject({
        instance: z.string().describe("its id"),
        state,
        endpoint: z.string().describe("its name"),
        protocol: z.string(),
        host: z.string(),
        port: z.int(),
        url: z.string(),
      }),
    )
    .describe("one; with --all every one among which a call picks, by id"),
});
