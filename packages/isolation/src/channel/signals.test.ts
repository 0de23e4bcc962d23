import { describe, expect, it } from "vitest";
import { putSignals, type SignalPlace, takeSignals } from "./signals.ts";

const ids = () => {
  let last = 0;
  return () => ++last;
};

describe("signals in arguments", () => {
  it("are taken out and put back where they were, the arguments of the caller untouched", () => {
    const [one, two] = [new AbortController().signal, new AbortController().signal];
    const options = { signal: two, depth: 1 };
    const args = ["a", one, options];
    const taken = takeSignals(args, ids());
    expect(taken?.args).toEqual(["a", undefined, { signal: undefined, depth: 1 }]);
    expect(taken?.signals).toEqual([one, two]);
    expect(args).toEqual(["a", one, options]);
    expect(options.signal).toBe(two);

    const copy = structuredClone(taken?.args) as unknown[];
    const made = new Map([
      [1, one],
      [2, two],
    ]);
    putSignals(copy, taken?.places ?? [], (id) => made.get(id) as AbortSignal);
    expect(copy).toEqual(args);
    expect(copy[1]).toBe(one);
  });

  it("cost nothing where there are none", () => {
    expect(takeSignals(["a", { b: 1 }, null, [new AbortController().signal], new Map()], ids())).toBeUndefined();
  });

  it.each<[string, SignalPlace]>([
    ["an argument that is not there", [3, undefined, 1]],
    ["the call itself", [-1, undefined, 1]],
    ["a key that is not there", [0, "other", 1]],
    ["a key of every object", [0, "__proto__", 1]],
    ["a key of what has none", [1, "length", 1]],
  ])("are not put where they do not fit: %s", (_what, place) => {
    const args = [{ key: 1 }, "text"];
    putSignals(args, [place], () => new AbortController().signal);
    expect(args).toEqual([{ key: 1 }, "text"]);
    expect(Object.getPrototypeOf(args[0])).toBe(Object.prototype);
  });
});
