import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codesOf } from "./codes.fixture.ts";
import type { Rename } from "./codes.ts";
import { fits } from "./pattern.ts";
import { type KnownRename, planRenames } from "./plan-renames.ts";
import { Rights } from "./rights.ts";
import type { StoredGrant } from "./stored.ts";

/** `+pattern` allows and `-pattern` denies. */
function role(name: string, ...said: readonly string[]): StoredGrant[] {
  return said.map((text) => ({
    role: name,
    pattern: text.slice(1),
    effect: text.startsWith("+") ? "allow" : "deny",
  }));
}

function planned(grants: readonly StoredGrant[], ...renames: readonly [string, string][]): string[] {
  return planRenames(
    grants,
    renames.map(([code, successor]) => ({ code, successor, isFollowed: false })),
  ).map(({ role, pattern, effect }) => `${role} ${effect === "allow" ? "+" : "-"}${pattern}`);
}

const pair = ({ code, successor }: Rename): [string, string] => [code, successor];

describe("following a rename", () => {
  test("gives the new code to whoever has the old one, and denies it to whoever was denied that", () => {
    const grants = [...role("agent", "+a.shut"), ...role("guest", "-a.shut"), ...role("other", "+a.read")];
    expect(planned(grants, ["a.shut", "a.close"])).toEqual(["agent +a.close", "guest -a.close"]);
  });

  test("gives it also to whom a wildcard gave the old one, unless a wildcard fits the new one as well", () => {
    const grants = [
      ...role("agent", "+a.ticket.*"),
      ...role("boss", "+a.*"),
      ...role("guest", "-*.ticket.shut"),
      ...role("root", "+*"),
    ];
    expect(planned(grants, ["a.ticket.shut", "a.case.close"])).toEqual(["agent +a.case.close", "guest -a.case.close"]);
    expect(planned(grants, ["a.ticket.shut", "a.ticket.close"])).toEqual(["guest -a.ticket.close"]);
  });

  test("denies a code that takes the place of one that is allowed and one that is denied", () => {
    const renames: [string, string][] = [
      ["a.one", "a.both"],
      ["a.two", "a.both"],
    ];
    expect(planned(role("agent", "+a.one", "-a.two"), ...renames)).toEqual(["agent -a.both"]);
    expect(planned(role("agent", "-a.one", "+a.two"), ...renames)).toEqual(["agent -a.both"]);
    expect(planned(role("agent", "+a.both", "-a.two"), ...renames)).toEqual(["agent -a.both"]);
    expect(planned(role("agent", "-a.both", "+a.two"), ...renames)).toEqual([]);
  });

  test("follows a chain to its end, whatever the order of the manifest", () => {
    const codes = codesOf({
      a: { two: { replacedBy: "three" }, one: { replacedBy: "two" }, three: { replacedBy: "b.four" } },
      b: { four: "x" },
    });
    expect(codes.renames()).toEqual([
      { code: "a.one", successor: "a.two" },
      { code: "a.two", successor: "a.three" },
      { code: "a.three", successor: "b.four" },
    ]);
    expect(planned(role("agent", "+a.one"), ...codes.renames().map(pair))).toEqual([
      "agent +a.two",
      "agent +a.three",
      "agent +b.four",
    ]);
  });

  test("once it has been followed, counts only for the old code itself", () => {
    const rename = { code: "a.ticket.shut", successor: "a.case.close", isFollowed: true };
    expect(planRenames(role("boss", "+a.ticket.*"), [rename])).toEqual([]);
    expect(planRenames(role("late", "+a.ticket.shut"), [rename])).toMatchObject([{ pattern: "a.case.close" }]);
    expect(planRenames(role("agent", "+a.ticket.shut", "-a.case.close"), [rename])).toEqual([]);
  });

  test("writes nothing when there is nothing to follow", () => {
    expect(planned(role("agent", "+a.*", "-b.read"), ["c.old", "c.new"])).toEqual([]);
  });
});

describe("what roles say, before and after", () => {
  const word = fc.constantFrom("a", "b", "c");
  const said = fc.record({
    role: fc.constantFrom("one", "two"),
    pattern: fc.array(fc.oneof(word, fc.constant("*")), { minLength: 2, maxLength: 3 }).map((words) => words.join(".")),
    effect: fc.constantFrom("allow" as const, "deny" as const),
  });
  const grants = fc.uniqueArray(said, { selector: ({ role, pattern }) => `${role} ${pattern}`, maxLength: 8 });
  const code = fc.array(word, { minLength: 2, maxLength: 3 }).map((words) => words.join("."));

  /** What the grants and those that are written over them say. */
  function after(before: readonly StoredGrant[], renames: readonly KnownRename[]): readonly StoredGrant[] {
    const all = new Map(before.map((grant) => [`${grant.role} ${grant.pattern}`, grant]));
    for (const grant of planRenames(before, renames)) all.set(`${grant.role} ${grant.pattern}`, grant);
    return [...all.values()];
  }

  test("a new code that no pattern fitted is allowed exactly where the old one was", () => {
    fc.assert(
      fc.property(grants, code, (before, old) => {
        const successor = "fresh.code";
        fc.pre(!before.some(({ pattern }) => fits(pattern, successor)));
        const followed = after(before, [{ code: old, successor, isFollowed: false }]);
        expect(new Rights(followed).allows(successor)).toBe(new Rights(before).allows(old));
        expect(new Rights(followed).allows(old)).toBe(new Rights(before).allows(old));
      }),
      { numRuns: 1000 },
    );
  });

  test("whatever fits the new code, nobody is allowed it who was denied the old one", () => {
    fc.assert(
      fc.property(grants, code, code, (before, old, successor) => {
        fc.pre(old !== successor);
        const denied = before.some(({ pattern, effect }) => effect === "deny" && fits(pattern, old));
        if (denied)
          expect(new Rights(after(before, [{ code: old, successor, isFollowed: false }])).allows(successor)).toBe(
            false,
          );
      }),
      { numRuns: 1000 },
    );
  });

  test("following twice writes nothing the second time", () => {
    fc.assert(
      fc.property(grants, code, code, (before, old, successor) => {
        fc.pre(old !== successor);
        const renames = [{ code: old, successor, isFollowed: false }];
        expect(planRenames(after(before, renames), renames)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
