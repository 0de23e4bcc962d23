import { expect, test } from "vitest";
import { momentsOf, periodOf } from "./period.ts";

const now = Date.parse("2026-03-01T13:14:15Z");

test("without an end a period ends today, without a beginning it has as many days as the settings say", () => {
  expect(periodOf({}, 30, now)).toEqual({ from: "2026-01-31", to: "2026-03-01" });
  expect(periodOf({ from: "2026-02-20" }, 30, now)).toEqual({ from: "2026-02-20", to: "2026-03-01" });
  expect(periodOf({ to: "2025-12-31" }, 1, now)).toEqual({ from: "2025-12-31", to: "2025-12-31" });
});

test("a period that ends before it begins, or is longer than a year, is none", () => {
  expect(periodOf({ from: "2026-03-02" }, 30, now)).toBe(
    "The period begins on 2026-03-02, after its end on 2026-03-01.",
  );
  expect(periodOf({ from: "2024-01-01" }, 30, now)).toBe("The period has 791 days; a report covers at most 366.");
});

test("a period lasts from the first moment of its first day to the end of its last one", () => {
  expect(momentsOf({ from: "2026-02-28", to: "2026-02-28" })).toEqual({
    begin: new Date("2026-02-28T00:00:00Z"),
    end: new Date("2026-03-01T00:00:00Z"),
  });
});
