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
      additionalProperties: {
        anyOf: [
          { type: "string" },
          { type: "object", additionalProperties: false, properties: { since: { description: expect.any(String) } } },
        ],
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
