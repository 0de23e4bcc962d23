import * as z from "zod";
import { ok, problem, problems, source } from "./common.ts";
import { defineLines, defineOutput } from "./define.ts";

const milliseconds = z.number().describe("milliseconds");

const liveModule = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    source,
    state: z.enum([
      "registered",
      "planned",
      "loaded",
      "migrating",
      "starting",
      "running",
      "stopping",
      "stopped",
      "failed",
      "skipped",
    ]),
    since: z.iso.datetime().describe("when it came into its state"),
    critical: z.boolean().describe("whether the platform stops when it fails"),
    health: z.enum(["pass", "warn", "fail"]).nullable().describe("null while it is not running"),
    messages: z.array(z.string()).describe("what its health checks said"),
    startMs: z.number().nullable().describe("milliseconds that its last start took; null before it"),
    onCriticalPath: z.boolean().describe("whether the start of the whole platform had to wait for it"),
    restarts: z.int().describe("how often it was started again after a failure"),
    pid: z.int().nullable().describe("its process; null where that is the platform's"),
    error: problem.nullable().describe("why it failed"),
    skippedFor: z.string().nullable().describe("the module whose failure is the cause of its being skipped"),
  })
  .meta({ id: "LiveModule", description: "a module of a running platform" });

const modules = z.array(liveModule).describe("in the order in which they start; empty where no platform runs");

const status = {
  ok: ok.describe("whether a platform runs here, and all of it is well"),
  root: z.string().describe("the platform's folder, absolute"),
  platform: z
    .strictObject({
      name: z.string(),
      pid: z.int(),
      apiVersion: z.string().describe("what platform: in a manifest is held against"),
      state: z.enum(["created", "starting", "running", "degraded", "draining", "stopping", "stopped", "failed"]),
      since: z.iso.datetime().describe("when it came into its state"),
      startedAt: z.iso.datetime(),
      url: z.string().nullable().describe("where it listens for HTTP"),
      start: z
        .strictObject({
          durationMs: milliseconds,
          criticalPath: z.array(z.strictObject({ module: z.string(), durationMs: milliseconds })),
        })
        .nullable()
        .describe("null while it starts; the modules of the critical path made up its duration, one after another"),
    })
    .nullable()
    .describe("null where no platform runs"),
  modules,
  problems: problems.describe("why the platform could not be asked"),
};

export const platformStatus = defineOutput("a running platform at this moment", status);

export const platformStatusWatch = defineLines("a running platform, at first and with each change", status);

export const modulesListLive = defineOutput("the modules of the running platform", { modules, problems });

export const modulesRestart = defineOutput("what a restart did", {
  ok,
  module: z.string(),
  reloaded: z.array(z.string()).describe("started with their code and manifests of now"),
  restarted: z.array(z.string()).describe("started again because they depend on it"),
  durationMs: z.number().nullable().describe("milliseconds; null where it failed"),
  modules: z.array(liveModule).describe("the modules of the platform afterwards"),
  problems,
});

const names = z.array(z.string());

export const dev = defineLines("what happens while a platform follows edits", {
  event: z.enum(["running", "changed", "failed", "ended"]).describe("running: a new process has started"),
  files: z.array(z.string()).describe("what was edited, absolute"),
  generated: z.array(z.string()).describe("what was written for it, absolute"),
  added: names,
  removed: names,
  reloaded: names.describe("modules with other code, another manifest or other settings"),
  restarted: names.describe("modules that were started again because they depend on one of the others"),
  reason: z.string().nullable().describe("why it was restarted as a whole, or why nothing runs"),
  url: z.string().nullable(),
  durationMs: z.number().nullable().describe("milliseconds from the edit's being noticed; at first, from the call"),
  problems,
});
