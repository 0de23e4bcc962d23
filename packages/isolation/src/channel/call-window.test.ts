import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallWindow, WindowFull } from "./call-window.ts";

describe("the window of calls", () => {
  it("lets so many in, the others in the order in which they came, and refuses beyond", async () => {
    const window = new CallWindow({ inFlight: 2, waiting: 2 }, () => false);
    expect(window.enter()).toBeUndefined();
    expect(window.enter()).toBeUndefined();
    const order: number[] = [];
    const third = window.enter()?.then(() => order.push(3));
    const fourth = window.enter()?.then(() => order.push(4));
    expect(() => window.enter()).toThrow(WindowFull);
    window.leave();
    await third;
    expect(order).toEqual([3]);
    window.leave();
    await fourth;
    expect(order).toEqual([3, 4]);
    expect(window.waiting).toBe(0);
  });

  it("lets nobody in while it is held", async () => {
    let held = true;
    const window = new CallWindow({ inFlight: 2, waiting: 9 }, () => held);
    let entered = false;
    const first = window.enter()?.then(() => {
      entered = true;
    });
    window.admit();
    await Promise.resolve();
    expect(entered).toBe(false);
    held = false;
    window.admit();
    await first;
    expect(entered).toBe(true);
  });

  it("never has more under way than it may, and lets everybody in at last", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3000 }), async (inFlight, calls) => {
        const window = new CallWindow({ inFlight, waiting: calls }, () => false);
        let underWay = 0;
        let most = 0;
        let done = 0;
        const call = async () => {
          await window.enter();
          most = Math.max(most, ++underWay);
          await Promise.resolve();
          underWay--;
          done++;
          window.leave();
        };
        await Promise.all(Array.from({ length: calls }, call));
        expect(done).toBe(calls);
        expect(most).toBeLessThanOrEqual(inFlight);
      }),
      { numRuns: 30 },
    );
  });
});
