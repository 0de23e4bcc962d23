import { parseDuration } from "@plinth/module";
import { expect, test } from "vitest";
import { durationText } from "./duration-text.ts";

test.each([
  [28_800_000, "8h"],
  [5_400_000, "90m"],
  [1_000, "1s"],
  [1_500, "1500ms"],
])("%s milliseconds are %s, and the other way round", (ms, text) => {
  expect(durationText(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});
