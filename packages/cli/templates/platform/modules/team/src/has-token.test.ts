import { expect, test } from "vitest";
import { hasToken } from "./has-token.ts";

test.each([
  ["Bearer secret", "secret", true],
  ["Bearer guessed", "secret", false],
  ["secret", "secret", false],
  ["Bearer undefined", undefined, false],
  [undefined, "secret", false],
])("%j with the token %j: %j", (header, token, expected) => {
  expect(hasToken(header, token)).toBe(expected);
});
