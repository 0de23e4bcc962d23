import { createFakeClock } from "@plinth/testing/clock";
import { expect, it } from "vitest";
import { Deadlines } from "./deadlines.ts";

it("calls what is not met in time, each at its own time, with one timer for all of one length", async () => {
  const clock = createFakeClock();
  const deadlines = new Deadlines(clock);
  const missed: string[] = [];
  const note = (name: string) => () => void missed.push(`${name} at ${clock.now()}`);
  deadlines.set(100, note("a"));
  await clock.advance(50);
  deadlines.set(100, note("b")).meet();
  deadlines.set(100, note("c"));
  deadlines.set(20, note("d"));
  expect(clock.pendingTimers).toBe(2);
  await clock.advance(200);
  expect(missed).toEqual(["d at 70", "a at 100", "c at 150"]);
});

it("keeps no timer once every deadline is met", () => {
  const clock = createFakeClock();
  const deadlines = new Deadlines(clock);
  const set = [1, 2, 3].map(() => deadlines.set(100, () => {}));
  expect(clock.pendingTimers).toBe(1);
  for (const deadline of set) deadline.meet();
  expect(clock.pendingTimers).toBe(0);
});
