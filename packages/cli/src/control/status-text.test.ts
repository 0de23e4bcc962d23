import type { ControlledModule, ControlStatus } from "@plinth/platform/control";
import { expect, test } from "vitest";
import { createPaint } from "../output/paint.ts";
import { statusText } from "./status-text.ts";
import { isWell } from "./verdict.ts";

const now = 10_000_000;

function moduleOf(name: string, more: Partial<ControlledModule> = {}): ControlledModule {
  return {
    name,
    version: "1.0.0",
    source: "directory",
    state: "running",
    since: now - 90_000,
    critical: true,
    restarts: 0,
    pid: null,
    health: "pass",
    messages: [],
    startMs: 12.4,
    isOnCriticalPath: false,
    error: null,
    skippedFor: null,
    ...more,
  };
}

function statusOf(modules: readonly ControlledModule[], more: Partial<ControlStatus> = {}): ControlStatus {
  return {
    name: "office",
    root: "/srv/office",
    pid: 42,
    version: "1.0.0",
    state: "running",
    since: now - 7_200_000,
    startedAt: now - 7_201_000,
    url: "http://127.0.0.1:3000",
    start: { durationMs: 1_234, criticalPath: [{ module: "desk", durationMs: 1_200 }] },
    modules,
    ...more,
  };
}

const textOf = (status: ControlStatus) => statusText(status, now, createPaint(false));

test("a platform of which all runs is shown with its start, its processes and its restarts", () => {
  const status = statusOf([
    moduleOf("desk", { isOnCriticalPath: true, startMs: 1_200 }),
    moduleOf("till", { pid: 77, restarts: 3 }),
  ]);
  expect(isWell(status)).toBe(true);
  expect(textOf(status)).toBe(`office  running for 2 h, 2 modules
http://127.0.0.1:3000  process 42, API 1.0.0, /srv/office
started in 1.2 s: desk 1.2 s

MODULE  VERSION  STATE    HEALTH  FOR    START    RESTARTS  PROCESS
desk    1.0.0    running  pass    1 min  1.2 s *  -         -
till    1.0.0    running  pass    1 min  12 ms    3         77
* on the critical path of the start
`);
});

test("what is wrong stands below, each cause once, and a state that came later says for how long", () => {
  const error = { code: "START_FAILED", message: "no bulb", fix: "Buy one.", at: [] };
  const modules = [
    moduleOf("lamp", { state: "failed", health: null, startMs: null, error }),
    moduleOf("shade", { state: "skipped", health: null, startMs: null, skippedFor: "lamp" }),
    moduleOf("till", { health: "fail", messages: ["no paper"] }),
  ];
  const status = statusOf(modules, { state: "degraded", since: now - 60_000 });
  expect(isWell(status)).toBe(false);
  const text = textOf(status);
  expect(text).toMatch(/^office {2}degraded for 1 min, up 2 h, 1 of 3 modules\n/);
  expect(text).toMatch(/^shade +1\.0\.0 +skipped for lamp +- +1 min +- +-$/m);
  expect(text).toContain(`
lamp
  START_FAILED: no bulb
  fix: Buy one.
  skipped for it: shade

till
  health: fail, no paper
`);
});

test("a module that is unhealthy, and a platform that is not up yet, are not well", () => {
  expect(isWell(statusOf([moduleOf("till", { health: "warn" })]))).toBe(true);
  expect(isWell(statusOf([moduleOf("till", { health: "fail" })]))).toBe(false);
  expect(isWell(statusOf([moduleOf("till")], { state: "starting", start: null, url: null }))).toBe(false);
});
