import * as z from "zod";
import { dependency, ok, problems, setting, source, text } from "./common.ts";
import { defineOutput } from "./define.ts";

const listed = {
  name: z.string(),
  version: z.string(),
  dependencies: z.array(dependency).describe("in the order of the manifest"),
  permissions: z.array(z.string()).describe("full codes, as in tickets.ticket.close"),
  migrations: z.array(z.string()).describe("names of files, in the order in which they run"),
  source,
  path: text.describe("the module's folder, absolute; null for a module without one"),
};

export const modulesList = defineOutput("the modules in the order in which they start", {
  modules: z.array(z.strictObject(listed)).describe("by name where they cannot be put in order"),
});

export const modulesShow = defineOutput("everything about one module", {
  module: z.strictObject({
    ...listed,
    description: text,
    manifest: text.describe("its file, absolute; null for one that is part of the code"),
    platform: text.describe("the range of the host's version"),
    critical: z.boolean().describe("whether the platform stops when it fails"),
    timeouts: z
      .strictObject({ start: z.number().nullable(), stop: z.number().nullable() })
      .describe("milliseconds; null where the platform's default holds"),
    dependents: z.array(dependency).describe("who depends on it, with what is asked of it"),
    services: z
      .strictObject({ provides: z.array(z.string()), requires: z.array(z.string()), optional: z.array(z.string()) })
      .nullable()
      .describe("ids; null where they stand only in code, which is not run"),
    permissions: z.array(z.strictObject({ code: z.string(), description: text })),
    settings: z.array(setting),
  }),
});

const edge = z
  .strictObject({
    from: z.string().describe("the module that depends"),
    to: z.string().describe("the module that it depends on"),
    range: z.string(),
    optional: z.boolean(),
  })
  .meta({ id: "Edge", description: "a dependency in a graph" });

export const modulesGraph = defineOutput("who depends on whom", {
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      version: text.describe("null for a module that is needed and not there"),
      source: z.enum(["platform", "static", "directory", "plugin", "missing"]),
    }),
  ),
  edges: z.array(edge),
});

export const modulesWhy = defineOutput("the paths from one module to another", {
  from: z.string(),
  to: z.string(),
  implied: z.boolean().describe("whether the second one belongs to the platform itself, which all others depend on"),
  paths: z.array(z.array(edge)).describe("the shortest first"),
  more: z.boolean().describe("whether there are more paths than were asked for"),
  nearest: z
    .array(edge)
    .nullable()
    .describe("the nearest connection; null where there is a path, and where nothing connects the two"),
});

export const modulesValidate = defineOutput("what is wrong with manifests, settings, code and migrations", {
  ok,
  problems,
  database: text.describe("why the database was not looked at; null where it was, or need not be"),
});

const milliseconds = z.number().nullable().describe("milliseconds; null where the test did not get that far");

export const modulesTest = defineOutput("how each module does on its own", {
  ok,
  durationMs: z.number().describe("milliseconds of the whole run"),
  modules: z.array(
    z.strictObject({
      module: z.string(),
      passed: z.boolean(),
      startMs: milliseconds,
      stopMs: milliseconds,
      totalMs: z.number().describe("milliseconds from the start of the test's process to its end"),
      problems,
      notes: z.array(z.string()).describe("what is worth knowing and no fault of this module"),
      output: z.string().describe("the last that the process printed, by whatever way"),
    }),
  ),
});
