import { expect, test } from "vitest";
import { elapsed, took } from "./elapsed.ts";

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_600_000, "1 h"],
  [3_600_000 + 300_000, "1 h 5 min"],
  [26 * 3_600_000, "1 d 2 h"],
])("%d ms have gone on for %s", (ms, text) => expect(elapsed(ms)).toBe(text));

test.each([
  [0.4, "0 ms"],
  [84.2, "84 ms"],
  [2_440, "2.4 s"],
  [75_200, "75 s"],
])("%d ms took %s", (ms, text) => expect(took(ms)).toBe(text));
