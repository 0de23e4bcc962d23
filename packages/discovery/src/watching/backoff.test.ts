import { createFakeClock } from "@plinth/testing/clock";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createBackoff } from "./backoff.ts";

it("doubles from the first wait to the longest, without jitter", () => {
  const backoff = createBackoff({ minMs: 800, maxMs: 30_000, jitter: 0, clock: createFakeClock() });
  expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
    800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
  ]);
});

it("begins anew after calm, and only then", async () => {
  const clock = createFakeClock();
  const backoff = createBackoff({ minMs: 100, jitter: 0, calmMs: 120_000, clock });
  expect([backoff.next(), backoff.next()]).toEqual([100, 200]);
  await clock.advance(200 + 119_999);
  expect(backoff.next()).toBe(400);
  await clock.advance(400 + 120_000);
  expect(backoff.next()).toBe(100);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

it("keeps every wait within its jitter", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 12 }),
      (numbers) => {
        let index = 0;
        const backoff = createBackoff({
          minMs: 100,
          maxMs: 5_000,
          jitter: 0.5,
          random: () => numbers[index++] as number,
        });
        for (const turn of numbers.keys()) {
          const base = Math.min(100 * 2 ** turn, 5_000);
          const wait = backoff.next();
          expect(wait).toBeGreaterThan(base * 0.5 - 1e-9);
          expect(wait).toBeLessThanOrEqual(base);
        }
      },
    ),
  );
});

it("spreads clients that lost the same server over half of the wait", () => {
  const waits = Array.from({ length: 1_000 }, () => createBackoff({ minMs: 1_000 }).next());
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => waits.filter((wait) => Math.min(9, Math.floor((wait - 500) / 50)) === tenth).length,
  );
  // 100 are expected in each tenth; less than 50 would have a chance below one in a million.
  expect(Math.min(...tenths)).toBeGreaterThan(50);
});
