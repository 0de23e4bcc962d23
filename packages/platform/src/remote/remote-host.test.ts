import {
  type ModuleStatus,
  PlatformError,
  type PlatformEvent,
  type PlatformHost,
  type PlatformStatus,
  platformError,
} from "@plinth/module";
import { linkPair } from "@plinth/testing/link";
import { expect, test } from "vitest";
import connectHost from "./connect-host.ts";
import { serveHost } from "./serve-host.ts";

const failure = platformError("LOAD_NO_DEFINITION", { module: "b" }, { at: [{ file: "/app/b/index.ts", line: 3 }] });

function statusOf(name: string, more: Partial<ModuleStatus> = {}): ModuleStatus {
  const rest = { critical: true, restarts: 0, pid: undefined, error: undefined, skippedFor: undefined };
  return { name, version: "1.0.0", source: "static", state: "running", since: 0, ...rest, ...more };
}

/** A platform to which happens what the test says. */
class ToyPlatform implements PlatformHost {
  readonly version = "1.0.0";
  readonly listeners = new Set<(event: PlatformEvent) => void>();
  now: PlatformStatus = {
    state: "running",
    modules: [statusOf("a"), statusOf("b", { state: "failed", error: failure })],
  };
  asked: AbortSignal | undefined;
  hangs = false;
  status = () => this.now;
  health = async (signal?: AbortSignal) => {
    this.asked = signal;
    if (this.hangs) await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    return [{ module: "a", status: "pass" as const, messages: [], durationMs: 1 }];
  };
  onEvent = (listener: (event: PlatformEvent) => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  happen(event: PlatformEvent, now: PlatformStatus): void {
    this.now = now;
    for (const listener of this.listeners) listener(event);
  }
}

test("the platform is seen from another process as it is, and followed in order", async () => {
  const platform = new ToyPlatform();
  const pair = linkPair("watching");
  serveHost(platform, pair.host);
  const host = await connectHost(pair.child);
  expect(host.version).toBe("1.0.0");
  expect(host.status()).toEqual(platform.status());
  const error = host.status().modules[1]?.error;
  expect(error).toBeInstanceOf(PlatformError);
  expect(error?.stack).toBe(failure.stack);

  const seen: [PlatformEvent, PlatformStatus][] = [];
  const unlisten = host.onEvent((event) => seen.push([event, host.status()]));
  const failed: PlatformEvent = { type: "module.failed", module: "b", phase: "run", error: failure, at: 1 };
  platform.happen(failed, platform.now);
  const stopping: PlatformEvent = { type: "module.state", module: "a", from: "running", to: "stopping", at: 2 };
  const later = {
    state: "degraded",
    modules: [statusOf("c"), statusOf("a", { state: "stopping", since: 2 })],
  } as const;
  platform.happen(stopping, later);
  await expect.poll(() => seen.map(([event]) => event)).toEqual([failed, stopping]);
  expect(seen[0]?.[0]).toMatchObject({ error: expect.any(PlatformError) });
  expect(seen[1]?.[1]).toEqual(later);

  unlisten();
  const done: PlatformEvent = { type: "platform.state", from: "degraded", to: "stopping", at: 3 };
  platform.happen(done, { ...later, state: "stopping" });
  await expect.poll(() => host.status().state).toBe("stopping");
  expect(seen).toHaveLength(2);

  expect(await host.health()).toEqual([{ module: "a", status: "pass", messages: [], durationMs: 1 }]);
  platform.hangs = true;
  const before = platform.asked;
  const controller = new AbortController();
  const asked = host.health(controller.signal);
  await expect.poll(() => platform.asked).not.toBe(before);
  controller.abort(new Error("no more"));
  await expect(asked).rejects.toThrow("no more");
  expect(platform.asked?.aborted).toBe(true);
  pair.end();
  expect(platform.listeners.size).toBe(0);
});
