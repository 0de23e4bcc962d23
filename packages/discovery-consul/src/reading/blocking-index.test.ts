import { describe, expect, it } from "vitest";
import { nextIndex } from "./blocking-index.ts";

describe("the index of the next query", () => {
  it("is the answer's, and an answer with the same one has not changed", () => {
    expect(nextIndex(0, "17")).toEqual({ index: 17, backwards: false, unchanged: false });
    expect(nextIndex(17, "18")).toEqual({ index: 18, backwards: false, unchanged: false });
    expect(nextIndex(17, "17")).toEqual({ index: 17, backwards: false, unchanged: true });
  });

  it("starts over at 0 when the answer's is lower than the one sent", () => {
    expect(nextIndex(17, "16")).toEqual({ index: 0, backwards: true, unchanged: false });
    expect(nextIndex(17, "0")).toEqual({ index: 0, backwards: true, unchanged: false });
  });

  it.each(["0", "-3", "", "1e400", "abc", "1.5", undefined])(
    "is never below 1 after an answer that says %s",
    (header) => {
      expect(nextIndex(0, header)).toEqual({ index: 1, backwards: false, unchanged: false });
      expect(nextIndex(1, header)).toEqual({ index: 1, backwards: false, unchanged: true });
    },
  );
});
