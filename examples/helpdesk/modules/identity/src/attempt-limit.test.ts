import { createFakeClock } from "@plinth/testing/clock";
import { expect, test } from "vitest";
import { AttemptLimit } from "./attempt-limit.ts";

test("lets so many attempts through in a window, and says when the next one may be made", async () => {
  const clock = createFakeClock();
  const limit = new AttemptLimit(clock, 2, 60_000);
  expect(limit.take("a")).toBeUndefined();
  await clock.advance(10_000);
  expect(limit.take("a")).toBeUndefined();
  expect(limit.take("a")).toBe(50_000);
  await clock.advance(50_000);
  expect(limit.take("a")).toBeUndefined();
});

test("keys do not count for each other, and one can be forgotten", () => {
  const limit = new AttemptLimit(createFakeClock(), 1, 60_000);
  expect(limit.take("a")).toBeUndefined();
  expect(limit.take("b")).toBeUndefined();
  limit.forget("a");
  expect(limit.take("a")).toBeUndefined();
  expect(limit.take("b")).toBe(60_000);
});

test("forgets the oldest keys before it fills the memory", () => {
  const limit = new AttemptLimit(createFakeClock(), 1, 60_000);
  for (let key = 0; key <= 10_000; key++) limit.take(String(key));
  expect(limit.take("10000")).toBe(60_000);
  expect(limit.take("0")).toBeUndefined();
});
