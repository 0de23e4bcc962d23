import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeIdentifier, localCodePattern } from "./code.ts";
import { permissionsSection } from "./section.ts";

function validate(value: unknown) {
  const result = permissionsSection["~standard"].validate(value);
  if ("then" in result) throw new Error("the schema must be synchronous");
  return result;
}

function complaints(value: unknown): string[] {
  return (validate(value).issues ?? []).map((issue) => `${(issue.path ?? []).join("/")}: ${issue.message}`);
}

describe("the section permissions", () => {
  test("takes a description alone for the long form", () => {
    expect(validate({ "ticket.read": "See tickets", "ticket.close": { since: "1.2.0" } })).toEqual({
      value: { "ticket.read": { description: "See tickets" }, "ticket.close": { since: "1.2.0" } },
    });
  });

  test("points at the key inside a declaration that is wrong", () => {
    expect(
      complaints({
        "Ticket.Close": "x",
        number: 7,
        old: { retired: 2 },
        since: { since: "1.2" },
        typo: { descripton: "x" },
      }),
    ).toEqual([
      'Ticket.Close: is not a permission code: write lower-case words of letters and digits, joined by hyphens, in parts separated by dots, as in "ticket.close"',
      "number: must be a description, or an object with description, since, replacedBy, retired, group",
      "old/retired: must be true or the version that retired the code",
      "since/since: must be a version such as 1.2.0",
      'typo: Unrecognized key: "descripton"',
    ]);
  });

  test("writes nested groups out, and gives their label to all that they hold", () => {
    const nested = {
      ticket: { group: "Tickets", read: "See tickets", close: { since: "1.2.0", group: "Closing" } },
      reply: { draft: { write: "Write", delete: "Delete" } },
      "audit.read": "Read",
    };
    expect(validate(nested)).toEqual({
      value: {
        "ticket.read": { description: "See tickets", group: "Tickets", path: ["ticket", "read"] },
        "ticket.close": { since: "1.2.0", group: "Closing", path: ["ticket", "close"] },
        "reply.draft.write": { description: "Write", path: ["reply", "draft", "write"] },
        "reply.draft.delete": { description: "Delete", path: ["reply", "draft", "delete"] },
        "audit.read": { description: "Read" },
      },
    });
  });

  test("tells a group from a declaration by its keys, and takes slips in a declaration for slips", () => {
    expect(
      complaints({ a: { description: "x", read: "y" }, b: { group: "B" }, c: { retire: "x", read: "y" } }),
    ).toEqual(['a: Unrecognized key: "read"']);
    expect(complaints({ a: { descripton: "x", sinse: "1.0.0" } })).toEqual([
      'a: Unrecognized keys: "descripton", "sinse"',
    ]);
    expect(complaints({ a: { group: 7, read: "x" }, b: { Read: "x", "": { write: "y" } } })).toEqual([
      expect.stringMatching(/^a\/group: /),
      expect.stringMatching(/^b\/Read: is not a permission code/),
      expect.stringMatching(/^b\/: is not a permission code/),
    ]);
  });

  test("holds the limit of a code over all its parts", () => {
    expect(validate({ a: { ["b".repeat(126)]: "x" } }).issues).toBeUndefined();
    expect(validate({ a: { ["b".repeat(127)]: "x" } }).issues).toHaveLength(1);
  });

  test.each([[null], ["x"], [["ticket.read"]], [7]])("refuses %j", (value) => {
    expect(complaints(value)).toEqual([": must be permissions by their codes"]);
  });

  test.each(["", ".", "a.", ".a", "a..b", "-a", "a-", "a--b", "1a", "a.1b", "A", "a b", "a_b", "tíck", "a\n"])(
    "refuses the code %j",
    (code) => {
      expect(validate(Object.fromEntries([[code, "x"]])).issues).toHaveLength(1);
    },
  );

  test("refuses a code of more than 128 characters", () => {
    expect(validate({ ["a".repeat(128)]: "x" }).issues).toBeUndefined();
    expect(validate({ ["a".repeat(129)]: "x" }).issues).toHaveLength(1);
  });

  test("says itself as JSON Schema, with descriptions, and still allows the short form", () => {
    const schema = permissionsSection["~standard"].jsonSchema.input({ target: "draft-2020-12" });
    expect(schema).toMatchObject({
      type: "object",
      description: "The permissions that this module knows, by code.",
      propertyNames: { pattern: localCodePattern },
      additionalProperties: { $ref: "#/$defs/permission" },
      $defs: {
        permission: {
          anyOf: [
            { type: "string" },
            { type: "object", additionalProperties: false, properties: { since: { description: expect.any(String) } } },
            { type: "object", additionalProperties: { $ref: "#/$defs/permission" } },
          ],
        },
      },
    });
  });

  test("a code that is accepted becomes an identifier of ASCII letters and digits", () => {
    const word = fc.stringMatching(/^[a-z0-9.-]{1,12}$/);
    fc.assert(
      fc.property(word, (code) => {
        fc.pre(new RegExp(localCodePattern).test(code));
        expect(codeIdentifier(code)).toMatch(/^[A-Z][A-Za-z0-9]*$/);
        expect(validate({ [code]: "x" }).issues).toBeUndefined();
      }),
    );
  });
});
