import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fits, type Grant, rightsOf } from "./grant.ts";

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
});

describe("grants", () => {
  const allow = (pattern: string): Grant => ({ pattern, effect: "allow" });
  const deny = (pattern: string): Grant => ({ pattern, effect: "deny" });

  test("allow what one of them allows and nothing else", () => {
    const allows = rightsOf([allow("tickets.ticket.read"), allow("knowledge.*")]);
    expect(allows("tickets.ticket.read")).toBe(true);
    expect(allows("knowledge.article.write")).toBe(true);
    expect(allows("tickets.ticket.close")).toBe(false);
  });

  test("deny what one of them denies, though another allows the very code", () => {
    const allows = rightsOf([allow("tickets.ticket.close"), deny("*"), allow("*")]);
    expect(allows("tickets.ticket.close")).toBe(false);
  });

  test("allow nothing when there are none", () => {
    expect(rightsOf([])("tickets.ticket.read")).toBe(false);
  });

  const word = fc.constantFrom("tickets", "ticket", "close", "read");
  const code = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("."));
  const pattern = fc
    .array(fc.oneof(word, fc.constant("*")), { minLength: 1, maxLength: 4 })
    .map((words) => words.join("."));
  const grant = fc.record({ pattern, effect: fc.constantFrom("allow" as const, "deny" as const) });

  test("allow no more when a deny is added, and their order does not matter", () => {
    fc.assert(
      fc.property(fc.array(grant), pattern, code, (grants, denied, asked) => {
        const before = rightsOf(grants)(asked);
        expect(rightsOf(grants.toReversed())(asked)).toBe(before);
        const after = rightsOf([...grants, deny(denied)])(asked);
        expect(after).toBe(before && !fits(denied, asked));
      }),
    );
  });

  test("a pattern without a star is a code", () => {
    fc.assert(fc.property(code, code, (one, other) => fits(one, other) === (one === other)));
  });
});
