import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const names = ["identity", "tickets", "notifications", "http"];

test.each([
  ["identiy", "identity"],
  ["tikcets", "tickets"],
  ["Tickets", "tickets"],
  ["ticketss", "tickets"],
  ["notfications", "notifications"],
  ["htp", "http"],
  ["tickets", "tickets"],
])("%s means %s", (written, meant) => {
  expect(nearest(written, names)).toBe(meant);
});

test.each(["", "hp", "tick", "reports", "x".repeat(1_000)])("%j means none of them", (written) => {
  expect(nearest(written, names)).toBeUndefined();
});

test("of several that are as near the first is taken, and of none there is none", () => {
  expect(nearest("cat", ["bat", "hat"])).toBe("bat");
  expect(nearest("cat", [])).toBeUndefined();
});

test("two letters that changed places are two edits, which a short word cannot bear", () => {
  expect(nearest("ab", ["ba"])).toBeUndefined();
  expect(nearest("abcd", ["bacd"])).toBe("bacd");
});

test("how near it has to be can be said", () => {
  expect(nearest("tickets.ticket.shut", ["tickets.ticket.read"])).toBe("tickets.ticket.read");
  expect(nearest("tickets.ticket.shut", ["tickets.ticket.read"], 2)).toBeUndefined();
});
