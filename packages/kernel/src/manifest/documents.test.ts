import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";

const { complaints } = testFolder();

describe("an empty manifest", () => {
  it.each([
    ["nothing", ""],
    ["empty lines", "\n\n"],
    ["comments", "# name: tickets\n"],
    ["a separator", "---\n"],
    ["null", "~\n"],
  ])("of %s is refused", (_what, text) => {
    expect(complaints(text)).toBe(
      "module.yaml:1:1\n  MANIFEST_EMPTY: the file is empty\n  fix: Write at least name and version.",
    );
  });
});

describe("a file that is no mapping", () => {
  it("is refused", () => {
    expect(complaints("- name: tickets\n")).toMatchInlineSnapshot(`
      "module.yaml:1:1
        MANIFEST_NOT_A_MAPPING: the manifest is a list, not keys with values
        fix: Write one "key: value" a line, with a space after the colon, beginning with name and version."
    `);
    expect(complaints("tickets\n")).toMatchInlineSnapshot(`
      "module.yaml:1:1
        MANIFEST_NOT_A_MAPPING: the manifest is the text "tickets", not keys with values
        fix: Write one "key: value" a line, with a space after the colon, beginning with name and version."
    `);
  });
});

describe("several documents", () => {
  it.each([
    ["---", `${head}---\nname: other\n`],
    ["--- after a first one", `---\n${head}---\nname: other\n`],
    ["...", `${head}...\nname: other\n`],
  ])("in one file are refused: %s", (_how, text) => {
    expect(complaints(text)).toMatch(
      /^module\.yaml:[34]:1\n {2}MANIFEST_SEVERAL_DOCUMENTS: the file holds more than one document\n/,
    );
  });

  it("are told of with the place of the second and the mend", () => {
    expect(complaints(`${head}---\nname: other\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_SEVERAL_DOCUMENTS: the file holds more than one document
        fix: Keep one manifest in each file: delete the separator, or move what follows it."
    `);
  });

  it("are not seen in a file with one marker", () => {
    expect(complaints(`---\n${head}`)).toBe("");
    expect(complaints(`# a comment\n---\n${head}...\n`)).toBe("");
  });
});

describe("what the parser lets pass and YAML does not", () => {
  it("is refused: markers in the wrong place", () => {
    expect(complaints(` ---\n${head}`)).toMatchInlineSnapshot(`
      "module.yaml:1:1
        MANIFEST_SYNTAX: this is not YAML: a document marker stands in the wrong place
        fix: Delete the marker."
    `);
    expect(complaints(`...\n${head}`)).toContain("module.yaml:1:1\n  MANIFEST_SYNTAX");
    expect(complaints("... name: tickets\n")).toContain("MANIFEST_SYNTAX");
  });

  it("is refused: a key behind a value", () => {
    expect(complaints("list:\n- ''-': x\n")).toMatchInlineSnapshot(`
      "module.yaml:1:1
        MANIFEST_MISSING_KEY: "name" is missing
        fix: Add it, for example name: tickets
      module.yaml:1:1
        MANIFEST_MISSING_KEY: "version" is missing
        fix: Add it, for example version: 1.0.0
      module.yaml:1:1
        MANIFEST_UNKNOWN_KEY: "list" is not a key that is known here
        fix: Remove it, or use one of name, version, description, platform, dependencies, main, critical, timeouts.
      module.yaml:2:5
        MANIFEST_SYNTAX: this is not YAML: a key stands behind a value
        fix: Begin a new line for each key.
      module.yaml:2:5
        MANIFEST_UNKNOWN_KEY: "-'" is not a key that is known here
        fix: Remove it, or use one of name, version, description, platform, dependencies, main, critical, timeouts."
    `);
  });

  it("leaves dots and explicit keys alone", () => {
    expect(complaints(`${head}description: and so on...\n`)).toBe("");
    expect(complaints("? name\n: tickets\n? version\n: 1.0.0\n")).toBe("");
    expect(complaints("  name: tickets\n  version: 1.0.0\n")).toBe("");
  });
});

describe("a directive", () => {
  it("is refused, also an unknown one", () => {
    expect(complaints(`%YAML 1.1\n---\n${head}`)).toMatchInlineSnapshot(`
      "module.yaml:1:1
        MANIFEST_DIRECTIVE: the file begins with a YAML directive
        fix: Delete the lines that begin with %."
    `);
    expect(complaints(`# comment\n%FUTURE x\n---\n${head}`)).toContain("module.yaml:2:1\n  MANIFEST_DIRECTIVE");
  });
});

describe("anchors, aliases, merge keys and tags", () => {
  it("are refused, all together", () => {
    const text = `${head}timeouts: &limits\n  start: 1s\ndependencies:\n  <<: *limits\ndescription: !!str text\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:11
        MANIFEST_ALIAS: the file uses the anchor &limits
        fix: Write the value out where it is needed; quote a text that begins with & or *.
      module.yaml:6:3
        MANIFEST_MERGE_KEY: the file uses the merge key "<<"
        fix: Write the keys out.
      module.yaml:7:14
        MANIFEST_TAG: the file uses the tag !!str
        fix: Remove the tag; quote a text that begins with an exclamation mark."
    `);
  });

  it("are refused before they can unfold", () => {
    const lines = Array.from({ length: 30 }, (_, n) => `l${n + 1}: &l${n + 1} [*l${n}, *l${n}]`);
    expect(complaints(`l0: &l0 [x, x]\n${lines.join("\n")}\n`)).toContain("the file uses the alias *l29");
  });

  it("are refused at keys, in lists and as custom types", () => {
    expect(complaints(`${head}&a main: x.ts\n`)).toContain(
      "module.yaml:3:1\n  MANIFEST_ALIAS: the file uses the anchor &a",
    );
    expect(complaints(`${head}? *b\n: x\n`)).toContain("MANIFEST_KEY_NOT_TEXT: the key *b is an alias to YAML");
    expect(complaints(`${head}main: !js/function x\n`)).toContain(
      "module.yaml:3:7\n  MANIFEST_TAG: the file uses the tag !js/function",
    );
    expect(complaints(`${head}main: !<tag:x> x\n`)).toContain("MANIFEST_TAG: the file uses the tag !<tag:x>");
  });

  it("leave text alone that only looks like them", () => {
    expect(complaints(`${head}description: "a & b *c* !d << e"\n`)).toBe("");
    expect(complaints(`${head}description: a &b *c !d <<\n`)).toBe("");
  });
});

describe("keys", () => {
  it("may not stand twice: both lines are told", () => {
    expect(complaints(`${head}description: a\nversion: 2.0.0\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:1
        MANIFEST_DUPLICATE_KEY: "version" stands twice in the same mapping
        also at module.yaml:2:1
        fix: Keep one of the two."
    `);
  });

  it("may not stand twice in inner mappings, block or flow, quoted or not", () => {
    const text = `${head}dependencies:\n  identity: ^1.0.0\n  "identity": ^2.0.0\ntimeouts: { start: 1s, start: 2s }\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:5:3
        MANIFEST_DUPLICATE_KEY: "dependencies.identity" stands twice in the same mapping
        also at module.yaml:4:3
        fix: Keep one of the two.
      module.yaml:6:24
        MANIFEST_DUPLICATE_KEY: "timeouts.start" stands twice in the same mapping
        also at module.yaml:6:13
        fix: Keep one of the two."
    `);
  });

  it.each(["__proto__", "constructor", "prototype"])("may not be %s", (key) => {
    expect(complaints(`${head}${key}: 1\ntimeouts:\n  "${key}": 1s\n`)).toBe(
      [
        `module.yaml:3:1`,
        `  MANIFEST_FORBIDDEN_KEY: "${key}" is a key that no manifest may have`,
        `  fix: Give it another name.`,
        `module.yaml:5:3`,
        `  MANIFEST_FORBIDDEN_KEY: "timeouts.${key}" is a key that no manifest may have`,
        `  fix: Give it another name.`,
      ].join("\n"),
    );
  });

  it("leave prototypes as they are", () => {
    complaints(`${head}__proto__: { polluted: yes }\nconstructor: { prototype: { polluted: yes } }\n`);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("must be texts", () => {
    expect(complaints(`${head}1: a\ntrue: b\n~: c\n[x]: d\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_KEY_NOT_TEXT: the key 1 is the number 1 to YAML, not a text
        fix: Put it in quotes: "1"
      module.yaml:4:1
        MANIFEST_KEY_NOT_TEXT: the key true is true to YAML, not a text
        fix: Put it in quotes: "true"
      module.yaml:5:1
        MANIFEST_KEY_NOT_TEXT: the key ~ is empty to YAML, not a text
        fix: Put it in quotes: "~"
      module.yaml:6:1
        MANIFEST_KEY_NOT_TEXT: the key [x] is a structure to YAML, not a text
        fix: Put it in quotes: "[x]""
    `);
  });
});

describe("numbers", () => {
  it("must be exact", () => {
    expect(complaints(`${head}main: 12345678901234567890\ndescription: .inf\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:7
        MANIFEST_NUMBER: the number 12345678901234567890 cannot be kept exactly
        fix: Put it in quotes, if it is a text: "12345678901234567890"
      module.yaml:4:14
        MANIFEST_NUMBER: the number .inf cannot be kept exactly
        fix: Put it in quotes, if it is a text: ".inf""
    `);
  });
});
