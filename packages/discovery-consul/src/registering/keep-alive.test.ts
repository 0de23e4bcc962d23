import { registryError } from "@plinth/discovery";
import { createFakeClock } from "@plinth/testing/clock";
import { expect, it } from "vitest";
import { keepAlive } from "./keep-alive.ts";

const away = registryError("DISCOVERY_UNAVAILABLE", { registry: "test", action: "keep", reason: "away" });

it("a sign of life comes at once and then after four fifths of its time to all of it, looks likewise", async () => {
  const clock = createFakeClock();
  const beats: number[] = [];
  const looks: number[] = [];
  const rest = keepAlive({
    beat: { everyMs: 1_000, send: async () => void beats.push(clock.now()) },
    look: { everyMs: 10_000, ask: async () => void looks.push(clock.now()) },
    onLost: () => expect.unreachable(),
    clock,
  });
  await clock.advance(100_000);
  expect(beats[0]).toBe(0);
  const waits = beats.slice(1).map((at, index) => at - (beats[index] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
  expect(new Set(waits).size).toBeGreaterThan(1);
  expect(looks.length).toBeGreaterThanOrEqual(9);
  expect(looks.length).toBeLessThanOrEqual(13);
  await rest();
  expect(clock.pendingTimers).toBe(0);
});

it("the first failure is told once and ends it", async () => {
  const clock = createFakeClock();
  const lost: unknown[] = [];
  const rest = keepAlive({
    beat: { everyMs: 1_000, send: () => Promise.reject(away) },
    look: { everyMs: 1_000, ask: () => Promise.reject(away) },
    onLost: (error) => lost.push(error),
    clock,
  });
  await clock.advance(10_000);
  expect(lost).toEqual([away]);
  expect(clock.pendingTimers).toBe(0);
  await rest();
});
