import fc from "fast-check";
import { expect, test } from "vitest";
import { newReference, readReference } from "./reference.ts";

const reference = fc.noShrink(fc.nat().map(() => newReference()));
const place = fc.integer({ min: 3, max: 9 });

test("a new reference can be read, also in small letters with blanks around it", () => {
  fc.assert(
    fc.property(reference, (made) => {
      expect(made).toMatch(/^HD-[2-9A-HJKMNP-Z]{7}$/);
      expect(readReference(made)).toBe(made);
      expect(readReference(` ${made.toLowerCase()} `)).toBe(made);
    }),
  );
});

test("one wrong character is noticed, wherever it is", () => {
  fc.assert(
    fc.property(reference, place, fc.constantFrom(..."23456789ABCDEFGHJKMNPQRSTUVWXYZ"), (made, at, wrong) => {
      fc.pre(made[at] !== wrong);
      expect(readReference(made.slice(0, at) + wrong + made.slice(at + 1))).toBeUndefined();
    }),
  );
});

test("two characters that were swapped are noticed, also when they are apart", () => {
  fc.assert(
    fc.property(reference, place, place, (made, first, second) => {
      fc.pre(made[first] !== made[second]);
      const swapped = [...made];
      [swapped[first], swapped[second]] = [made.charAt(second), made.charAt(first)];
      expect(readReference(swapped.join(""))).toBeUndefined();
    }),
  );
});

test.each(["", "HD-", "HD-4F7K9Q", "HD-4F7K9Q22", "XX-4F7K9Q2", "HD-0000000", "HD-IIIIIII"])("%j is none", (typed) => {
  expect(readReference(typed)).toBeUndefined();
});
