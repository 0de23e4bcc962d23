import { expect, test } from "vitest";
import { standingOf } from "./deadline.ts";

const dueAt = new Date(1_000);

test.each([
  [null, 1_000, "waiting"],
  [null, 1_001, "overdue"],
  [1_000, 5_000, "met"],
  [1_001, 5_000, "missed"],
] as const)("done at %s, seen at %s: %s", (done, now, standing) => {
  const doneAt = done === null ? null : new Date(done);
  expect(standingOf({ kind: "answer", dueAt, doneAt }, now)).toBe(standing);
});
