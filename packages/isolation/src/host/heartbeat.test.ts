import type { Clock } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { watchHeartbeat } from "./heartbeat.ts";

/** A clock whose timers fire when the test says so. */
function manualClock(): { clock: Clock; tick(): void; readonly timers: number } {
  let timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    wallTime: () => 0,
    timer(_ms, callback) {
      timers.push(callback);
      return { cancel: () => (timers = timers.filter((timer) => timer !== callback)) };
    },
  };
  return {
    clock,
    tick() {
      for (const fire of timers.splice(0)) fire();
    },
    get timers() {
      return timers.length;
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the heartbeat", () => {
  it("is missed when nothing was heard for four ticks, which make the limit", async () => {
    const { clock, tick } = manualClock();
    let missed = 0;
    watchHeartbeat(
      clock,
      1000,
      () => new Promise(() => {}),
      () => missed++,
    );
    for (let n = 0; n < 3; n++) tick();
    expect(missed).toBe(0);
    tick();
    expect(missed).toBe(1);
    tick();
    expect(missed).toBe(1);
    await settle();
  });

  it("goes on for as long as there are answers, however long the host itself stood still", async () => {
    const { clock, tick } = manualClock();
    let missed = 0;
    let beats = 0;
    watchHeartbeat(
      clock,
      1000,
      async () => beats++,
      () => missed++,
    );
    for (let n = 0; n < 20; n++) {
      tick();
      await settle();
    }
    expect(missed).toBe(0);
    expect(beats).toBeGreaterThanOrEqual(20);
  });

  it("leaves no timer when it is ended", () => {
    const manual = manualClock();
    const end = watchHeartbeat(
      manual.clock,
      1000,
      async () => {},
      () => {},
    );
    expect(manual.timers).toBe(1);
    end();
    expect(manual.timers).toBe(0);
  });
});
