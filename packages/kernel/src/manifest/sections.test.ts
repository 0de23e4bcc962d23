import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { sections } from "./sections.fixture.ts";

const { complaints } = testFolder();

describe("sections", () => {
  const schema = createManifestSchema(sections);

  it("are told of in the words of their schema", () => {
    const text = `${head}permissions:\n  Ticket: x\n  read: { descripton: x }\n  write: 1\n  list: []\nmigrations: 7\nhttp: { prefix: /a, port: 99999 }\n`;
    expect(complaints(text, schema)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_VALUE: "permissions.Ticket" is not a permission code: write parts in lower case, with dots
        fix: Correct the value; the editor shows what is allowed when it knows the schema.
      module.yaml:5:3
        MANIFEST_MISSING_KEY: "permissions.read.description" is missing
        fix: Add it, for example description: ...
      module.yaml:5:11
        MANIFEST_UNKNOWN_KEY: "permissions.read.descripton" is not a key that is known here
        fix: Did you mean "description"?
      module.yaml:6:10
        MANIFEST_QUOTE: "permissions.write" is written 1, which YAML reads as the number 1, not as a text
        fix: Put it in quotes: "1"
      module.yaml:7:9
        MANIFEST_TYPE: "permissions.list" must be a text or a mapping, but is a list
        fix: Write a text or a mapping, or remove the key.
      module.yaml:8:13
        MANIFEST_QUOTE: "migrations" is written 7, which YAML reads as the number 7, not as a text
        fix: Put it in quotes: "7"
      module.yaml:9:27
        MANIFEST_VALUE: "http.port" is not accepted: too big: expected number to be <=65535
        fix: Correct the value; the editor shows what is allowed when it knows the schema."
    `);
  });

  it("are told of at any depth, with the nearest key", () => {
    const text = `${head}menu:\n  title: a\n  entries:\n    - title: b\n      kind: pages\n      entires: []\n    - 3\n`;
    expect(complaints(text, schema)).toMatchInlineSnapshot(`
      "module.yaml:7:13
        MANIFEST_VALUE: "menu.entries[0].kind" must be one of page, folder, but is the text "pages"
        fix: Correct the value; the editor shows what is allowed when it knows the schema.
      module.yaml:8:7
        MANIFEST_UNKNOWN_KEY: "menu.entries[0].entires" is not a key that is known here
        fix: Did you mean "entries"?
      module.yaml:9:7
        MANIFEST_TYPE: "menu.entries[1]" must be a mapping, but is the number 3
        fix: Write a mapping, or remove the key."
    `);
  });

  it("may not be claimed twice, nor be a key of the kernel", () => {
    const [first] = sections;
    if (first === undefined) throw new Error("no sections");
    expect(() => createManifestSchema([first, first])).toThrow(
      'two owners claim the section "permissions" of the manifest',
    );
    expect(() => createManifestSchema([{ ...first, key: "main" }])).toThrow('two owners claim the section "main"');
  });

  it("may use any Standard Schema, with issues that have a path of objects", () => {
    const schema = createManifestSchema([
      {
        key: "limits",
        schema: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: (value) =>
              typeof value === "object"
                ? { issues: [{ message: "Must be positive.", path: [{ key: "cpu" }] }] }
                : { value },
            jsonSchema: { input: () => ({ type: "object" }) },
          },
        },
      },
    ]);
    expect(complaints(`${head}limits: { cpu: -1 }\n`, schema)).toMatchInlineSnapshot(`
      "module.yaml:3:16
        MANIFEST_VALUE: "limits.cpu" is not accepted: must be positive
        fix: Correct the value; the editor shows what is allowed when it knows the schema."
    `);
    expect(complaints(`${head}limits: none\n`, schema)).toBe("");
  });

  it("may not be validated asynchronously", () => {
    const schema = createManifestSchema([
      {
        key: "slow",
        schema: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: (value) => Promise.resolve({ value }),
            jsonSchema: { input: () => ({}) },
          },
        },
      },
    ]);
    expect(() => complaints(`${head}slow: 1\n`, schema)).toThrow(
      'the schema of the section "slow" validates asynchronously',
    );
  });

  it("do not get a second complaint about a value that is refused already", () => {
    expect(complaints(`${head}migrations: *sql\nmain: !!int 7\ndescription: .nan\n`, schema)).toMatchInlineSnapshot(`
      "module.yaml:3:13
        MANIFEST_ALIAS: the file uses the alias *sql
        fix: Write the value out where it is needed; quote a text that begins with & or *.
      module.yaml:4:7
        MANIFEST_TAG: the file uses the tag !!int
        fix: Remove the tag; quote a text that begins with an exclamation mark.
      module.yaml:5:14
        MANIFEST_NUMBER: the number .nan cannot be kept exactly
        fix: Put it in quotes, if it is a text: ".nan""
    `);
  });
});
