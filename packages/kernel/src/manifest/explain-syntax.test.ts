import { describe, expect, it } from "vitest";
import { testFolder } from "./folder.fixture.ts";

const { complaints } = testFolder();

/** What is said of a text that is not YAML: the place, the reason and the mend. */
function said(text: string): string {
  const [place, message = "", fix = "", ...more] = complaints(text).split("\n");
  expect(message).toMatch(/^ {2}MANIFEST_SYNTAX: this is not YAML: /);
  expect(more).toEqual([]);
  const reason = message.slice("  MANIFEST_SYNTAX: this is not YAML: ".length);
  return `${place?.slice("module.yaml:".length)} ${reason} | ${fix.slice("  fix: ".length)}`;
}

const noSpace = 'there is no space after the colon | Write "key: value".';
const noColon = 'the line has no colon | Write "key: value".';
const twoColons =
  "the text contains a colon with a space after it | Put the whole text in quotes, or give each key its own line.";
const indented =
  "the line does not fit the ones above it | Let the keys of one mapping begin in the same column, and those inside it two spaces further right.";
const after = "there is something after the end of the value | Remove it, or put the whole value in quotes.";

describe("the explanation of a text that is not YAML", () => {
  it.each([
    ["name:tickets\nversion: 1.0.0\n", `1:5 ${noSpace}`],
    ["name: tickets\nversion:1.0.0\nmain: x\n", `2:8 ${noSpace}`],
    ["name: tickets\nversion:1.0.0\n", `2:8 ${noSpace}`],
    ["dependencies:\n  a:^1.0.0\n  b: ^1.0.0\n", `2:4 ${noSpace}`],
    ['"name": a\n"version":1.0.0\n', `2:10 ${noSpace}`],
    ["name: a\nversion 1.0.0\ndescription: x\n", `2:1 ${noColon}`],
    ["name: a\nversion\n", `2:1 ${noColon}`],
    ["name\nversion: 1\n", `1:1 ${noColon}`],
  ])("finds a colon without a space, or no colon: %j", (text, explanation) => {
    expect(said(text)).toBe(explanation);
  });

  it.each([
    ["description: Note: this fails\n", `1:14 ${twoColons}`],
    ["a: b: c\n", `1:4 ${twoColons}`],
    ['description: "a" b\n', `1:18 ${after}`],
    ["description: 'it's'\n", `1:18 ${after}`],
    ["files: [a] b\n", `1:12 ${after}`],
  ])("finds text that should be quoted as a whole: %j", (text, explanation) => {
    expect(said(text)).toBe(explanation);
  });

  it.each([
    ["description: @team\n", "1:14 a text cannot begin with @ | Put the text in quotes."],
    ["description: `x`\n", "1:14 a text cannot begin with ` | Put the text in quotes."],
    ["share: %5\n", "1:8 a text cannot begin with % | Put the text in quotes."],
    ["dependencies:\n  a: >=1.0.0 # any\n", '2:6 a text cannot begin with > | Put the text in quotes: ">=1.0.0"'],
    ["dependencies:\n  a: *\n", '2:6 a text cannot begin with * | Put the text in quotes: "*"'],
    ["dependencies: { a: * }\n", '1:20 a text cannot begin with * | Put the text in quotes: "*"'],
  ])("finds a text that begins with a character of YAML's own: %j", (text, explanation) => {
    expect(said(text)).toBe(explanation);
  });

  it.each([
    ['name: "tickets\nversion: 1.0.0\n', '1:7 the " is never closed | Add the " that ends it.'],
    ["name: 'tickets\nversion: 1.0.0\n", "1:7 the ' is never closed | Add the ' that ends it."],
    ["dependencies: { a: ^1, b: ^2\nname: x\n", "1:15 the { is never closed | Add the } that ends it."],
    ['list: [a, "]", b\nname: x # ]\n', "1:7 the [ is never closed | Add the ] that ends it."],
    ["list: [[a], [b]", "1:7 the [ is never closed | Add the ] that ends it."],
    [
      "dependencies: {\n  a: ^1\n}\n",
      "3:1 the } stands too far to the left | Put a space or two before it, or write the whole value on one line.",
    ],
    [
      "dependencies: { a: ^1 b: ^2 }\n",
      "1:24 a comma is missing between two entries | Separate entries in brackets by commas.",
    ],
  ])("finds what is not closed or not separated: %j", (text, explanation) => {
    expect(said(text)).toBe(explanation);
  });

  it.each([
    ["name: a\n version: 1.0.0\n", `2:2 ${indented}`],
    ["dependencies:\n  a: ^1\n b: ^2\n", `3:2 ${indented}`],
    ["dependencies:\n  a: ^1\n    b: ^2\n", `3:5 ${indented}`],
    ["list:\n  - a\n - b\n", `3:2 ${indented}`],
    ["name: a\n- b\n", `2:1 ${indented}`],
    ["text: |\n  a\n b\n", `3:2 ${indented}`],
  ])("finds wrong indentation: %j", (text, explanation) => {
    expect(said(text)).toBe(explanation);
  });

  it("finds a wrong escape", () => {
    expect(said('description: "\\q"\n')).toBe(
      "1:16 there is no such escape | Write a backslash twice, or use single quotes.",
    );
  });

  it("finds control characters", () => {
    const mend = "Delete the character; where it is meant, write it as an escape inside double quotes.";
    expect(said("description: a\u0007b\n")).toBe(`1:15 the invisible character U+0007 stands in it | ${mend}`);
    expect(said('description: "a\u0000b"\n')).toBe(`1:16 the invisible character U+0000 stands in it | ${mend}`);
  });

  it("leaves the parser's words where it knows nothing better", () => {
    expect(said("list: [,]\n")).toBe(
      "1:8 expected the node content, but found ',' | Correct the text at this place, or just before it.",
    );
  });

  it("ends for a text that begins with empty lines", () => {
    expect(said("\n\n'a':b\n")).toBe(`3:4 ${noSpace}`);
    expect(said("\nname\nversion: 1\n")).toBe(`2:1 ${noColon}`);
  });

  it.each([
    ["spaces", `a: ${" ".repeat(60_000)}b: c\n`],
    ["spaces and a hash", `a: >${" ".repeat(30_000)}x${" ".repeat(30_000)}#\n`],
    ["words", `a\n${"b ".repeat(30_000)}:c`],
    ["colons", `a: ${":x ".repeat(20_000)}: b`],
    ["quotes", `a: ${"'' ".repeat(20_000)}`],
    ["open quotes", `a: [${'"x" '.repeat(15_000)}`],
    ["lines", `${"x\n".repeat(32_000)}a: b`],
    ["comments", `a\n${"# x\n".repeat(16_000)}b: c`],
    ["brackets", `a: b: c\n${"[".repeat(60_000)}`],
  ])("takes little time for a text made of %s", (_what, text) => {
    expect(complaints(text)).toContain("MANIFEST_");
  });
});
