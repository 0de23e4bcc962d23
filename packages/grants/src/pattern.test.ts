import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits, patternForm } from "./pattern.ts";

describe("a pattern", () => {
  test.each([
    ["tickets.ticket.close", "tickets.ticket.close"],
    ["tickets.*", "tickets.ticket.close"],
    ["tickets.*", "tickets.export"],
    ["tickets.ticket.*", "tickets.ticket.close"],
    ["*.ticket.close", "tickets.ticket.close"],
    ["tickets.*.close", "tickets.ticket.close"],
    ["*", "tickets.ticket.close"],
  ])("%s fits %s", (pattern, code) => {
    expect(fits(pattern, code)).toBe(true);
  });

  test.each([
    ["tickets.ticket.close", "tickets.ticket.close-all"],
    ["tickets.ticket", "tickets.ticket.close"],
    ["tickets.ticket.close", "tickets.ticket"],
    ["tickets.*", "tickets"],
    ["tickets.*", "ticketshop.order.read"],
    ["tickets.ticket.*", "tickets.ticket"],
    ["tickets.*.close", "tickets.ticket.reply.close"],
    ["tickets.tick*", "tickets.ticket"],
  ])("%s does not fit %s", (pattern, code) => {
    expect(fits(pattern, code)).toBe(false);
  });

  test.each(["", ".", "a.", "tickets.tick*", "**", "a.**", "Tickets.*", "a b", "a..b", "*.", "a\n"])(
    "%j is none",
    (text) => {
      expect(new RegExp(patternForm).test(text)).toBe(false);
    },
  );

  const code = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 }).map((words) => words.join("."));

  test("without a star is a code", () => {
    fc.assert(fc.property(code, code, (one, other) => fits(one, other) === (one === other)));
  });

  test("that fits still fits with any of its segments replaced by a star", () => {
    fc.assert(
      fc.property(code, fc.nat(3), (one, index) => {
        const words = one.split(".");
        words[index % words.length] = "*";
        expect(fits(words.join("."), one)).toBe(true);
      }),
    );
  });
});
