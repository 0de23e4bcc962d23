import { createFakeClock } from "@plinth/testing/clock";
import { expect, test } from "vitest";
import { every } from "./every.ts";

test("work is done again and again, also after it failed", async () => {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  let times = 0;
  const work = async () => {
    times++;
    if (times === 1) throw new Error("the first time");
  };
  const periodic = every(clock, 1000, work, (error) => errors.push(error));
  await clock.advance(999);
  expect(times).toBe(0);
  await clock.advance(2001);
  expect(times).toBe(3);
  expect(errors).toEqual([new Error("the first time")]);
  await periodic.stop();
});

test("stopping waits for what is being done and leaves no timer behind", async () => {
  const clock = createFakeClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  const periodic = every(
    clock,
    1000,
    () => promise,
    () => {},
  );
  await clock.advance(1000);
  let stopped = false;
  const stopping = periodic.stop().then(() => {
    stopped = true;
  });
  await clock.advance(1000);
  expect(stopped).toBe(false);
  resolve();
  await stopping;
  expect(clock.pendingTimers).toBe(0);
});
