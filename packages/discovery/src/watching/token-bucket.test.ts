import { createFakeClock } from "@plinth/testing/clock";
import { expect, it } from "vitest";
import { createTokenBucket } from "./token-bucket.ts";

it("lets a burst through at once and then one for each refill", async () => {
  const clock = createFakeClock();
  const bucket = createTokenBucket({ burst: 2, refillMs: 1_000, clock });
  const at: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) void bucket.take().then(() => at.push(clock.now()));
  await clock.advance(10_000);
  expect(at).toEqual([0, 0, 1_000, 2_000, 3_000]);
});

it("does not slow what is seldom", async () => {
  const clock = createFakeClock();
  const bucket = createTokenBucket({ burst: 2, refillMs: 1_000, clock });
  for (let turn = 0; turn < 5; turn += 1) {
    expect(bucket.tryTake()).toBe(true);
    await clock.advance(1_000);
  }
  expect([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()]).toEqual([true, true, false]);
});

it("gives back the token of one who no longer waits", async () => {
  const clock = createFakeClock();
  const bucket = createTokenBucket({ burst: 1, refillMs: 1_000, clock });
  await bucket.take();
  const controller = new AbortController();
  const given = bucket.take(controller.signal);
  controller.abort();
  expect(await given).toBe(false);
  await clock.advance(1_000);
  expect(bucket.tryTake()).toBe(true);
  expect(await bucket.take(AbortSignal.abort())).toBe(false);
});
