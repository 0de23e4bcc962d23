import { expect, test } from "vitest";
import { isDuration, parseDuration } from "./duration.ts";

test("a duration is milliseconds, seconds, minutes or hours", () => {
  expect(parseDuration("500ms")).toBe(500);
  expect(parseDuration("30s")).toBe(30_000);
  expect(parseDuration("1.5s")).toBe(1500);
  expect(parseDuration("2m")).toBe(120_000);
  expect(parseDuration("12h")).toBe(43_200_000);
  expect(parseDuration("0s")).toBe(0);
});

test.each(["", "30", "s", "-1s", "1 s", "1d", "1e3ms", ".5s", "30s\n", "1s2ms"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
  expect(isDuration(text)).toBe(false);
});
