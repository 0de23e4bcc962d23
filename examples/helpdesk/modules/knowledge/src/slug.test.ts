import fc from "fast-check";
import { expect, test } from "vitest";
import { slugOf } from "./slug.ts";

test.each([
  ["Reset your password", "reset-your-password"],
  ["Réinitialiser, étape 1!", "reinitialiser-etape-1"],
  ["  --- ", "article"],
  ["パスワード", "article"],
  ["Drafts", "drafts-article"],
])("%j becomes %s", (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test("every title becomes a part of an address that needs no escaping and is no longer than 80 characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) => {
      expect(slugOf(title)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(slugOf(title).length).toBeLessThanOrEqual(80);
    }),
  );
});
