import { describe, expect, test } from "vitest";
import { codesOf } from "./codes.fixture.ts";
import type { Codes } from "./codes.ts";
import { matrixOf } from "./matrix.ts";
import { Snapshot } from "./snapshot.ts";
import type { Reading, StoredGrant } from "./stored.ts";

const codes = codesOf({
  tickets: {
    "ticket.read": "Read",
    "ticket.close": "Close",
    "ticket.shut": { replacedBy: "ticket.close" },
    "ticket.end": { replacedBy: "ticket.close", retired: "0.4.0" },
  },
});

function reading(
  revision: number,
  grants: Readonly<Record<string, readonly string[]>>,
  assigned: Readonly<Record<string, readonly string[]>>,
  isWhole = true,
): Reading {
  const stored = Object.entries(grants).flatMap(([role, said]) =>
    said.map(
      (text): StoredGrant => ({ role, pattern: text.slice(1), effect: text.startsWith("+") ? "allow" : "deny" }),
    ),
  );
  return {
    revision,
    roles: { descriptions: new Map(Object.keys(grants).map((name) => [name, `The ${name}.`])), grants: stored },
    isWhole,
    assignments: Object.entries(assigned).map(([principal, roles]) => ({ principal, roles })),
  };
}

const roles = {
  agent: ["+tickets.*"],
  customer: ["+tickets.ticket.read"],
  old: ["+tickets.ticket.shut"],
  ended: ["+tickets.ticket.end"],
  suspended: ["-*"],
};

function snapshotOf(one: Reading, defaultRole?: string, now: () => Codes = () => codes): Snapshot {
  const snapshot = new Snapshot(now, defaultRole);
  snapshot.take(one);
  return snapshot;
}

describe("a snapshot of grants", () => {
  const assigned = { ann: ["agent"], bob: ["customer"], cleo: ["agent", "suspended"], dan: ["old"], eve: ["ended"] };

  test("allows what a role allows, and a deny of any role outweighs that", () => {
    const snapshot = snapshotOf(reading(1, roles, assigned));
    const may = (who: string) => snapshot.allows(who, "tickets.ticket.close");
    expect(["ann", "bob", "cleo", "nobody"].map(may)).toEqual([true, false, false, false]);
    expect(snapshot.allows("bob", "tickets.ticket.read")).toBe(true);
  });

  test("counts a grant of an old code for the one that has its place, until its time is over", () => {
    const snapshot = snapshotOf(reading(1, roles, assigned));
    expect(snapshot.allows("dan", "tickets.ticket.close")).toBe(true);
    expect(snapshot.allows("eve", "tickets.ticket.close")).toBe(false);
    expect(snapshot.roles.find(({ name }) => name === "old")).toEqual({
      name: "old",
      description: "The old.",
      allow: ["tickets.ticket.close"],
      deny: [],
    });
  });

  test("gives the default role to those who have none, and says when there is no such role", () => {
    const snapshot = snapshotOf(reading(1, roles, assigned), "customer");
    expect(snapshot.rolesOf("nobody")).toEqual(["customer"]);
    expect(snapshot.assignedRoles("nobody")).toEqual([]);
    expect(snapshot.allows("nobody", "tickets.ticket.read")).toBe(true);
    expect(snapshot.missingDefault).toBeUndefined();
    expect(snapshotOf(reading(1, roles, assigned), "custmer").missingDefault).toBe("custmer");
    expect(snapshotOf(reading(1, roles, assigned), "custmer").allows("nobody", "tickets.ticket.read")).toBe(false);
  });

  test("takes in what has changed, and keeps the rest", () => {
    const snapshot = snapshotOf(reading(1, roles, assigned));
    expect(snapshot.allows("bob", "tickets.ticket.close")).toBe(false);
    snapshot.take(reading(2, { ...roles, customer: ["+tickets.ticket.close"] }, { ann: [], fay: ["agent"] }, false));
    expect(["ann", "bob", "fay"].map((who) => snapshot.allows(who, "tickets.ticket.close"))).toEqual([
      false,
      true,
      true,
    ]);
    expect(snapshot.principalsWith("agent").toSorted()).toEqual(["cleo", "fay"]);
    snapshot.take(reading(3, roles, { bob: ["agent"] }));
    expect(snapshot.allows("cleo", "tickets.ticket.read")).toBe(false);
    expect(snapshot.principalsWith("agent")).toEqual(["bob"]);
    expect(snapshot.revision).toBe(3);
  });

  test("looks at the permissions anew when they change", () => {
    let now = codesOf({ tickets: { "ticket.shut": "Shut", "ticket.close": "Close" } });
    const snapshot = snapshotOf(reading(1, roles, assigned), undefined, () => now);
    expect(snapshot.allows("dan", "tickets.ticket.close")).toBe(false);
    now = codes;
    snapshot.forgetRights();
    expect(snapshot.allows("dan", "tickets.ticket.close")).toBe(true);
  });
});

test("the matrix shows what each role says of each permission, and patterns that fit none", () => {
  const snapshot = snapshotOf(reading(1, { ...roles, stray: ["+gone.*", "+tickets.ticket.read"] }, {}));
  const { roles: columns, rows, unused } = matrixOf(snapshot.roles, codes.current);
  expect(columns).toEqual(["agent", "customer", "old", "ended", "suspended", "stray"]);
  expect(rows.map(({ permission, standings }) => [permission.code, ...standings])).toEqual([
    ["tickets.ticket.read", "allow", "allow", "none", "none", "deny", "allow"],
    ["tickets.ticket.close", "allow", "none", "allow", "none", "deny", "none"],
  ]);
  expect(unused).toEqual([
    { role: "ended", pattern: "tickets.ticket.end" },
    { role: "stray", pattern: "gone.*" },
  ]);
});
