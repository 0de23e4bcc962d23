import { expect, test } from "vitest";
import { editYaml, withoutTopKey } from "./yaml-edit.ts";

const text = `# yaml-language-server: $schema=x
name: "tickets"   # a name
dependencies:
    'identity': { version: ^1.0.0, optional: true }
    # Looks things up.
    knowledge: ^2.0.0
`;

test("only the word changes: quotes, comments and alignment stay", () => {
  const edit = editYaml("module.yaml", text);
  edit.replace(["name"], "value", "tickets", "support-cases");
  edit.replace(["dependencies", "identity"], "key", "identity", "users");
  edit.replace(["dependencies", "knowledge"], "key", "knowledge", "articles");
  expect(edit.text()).toBe(
    text.replace('"tickets"', '"support-cases"').replace("'identity'", "'users'").replace("knowledge", "articles"),
  );
});

test("what is written in an unusual way is refused instead of guessed", () => {
  const edit = editYaml("module.yaml", 'name: "tick\\x65ts"\n');
  expect(() => edit.replace(["name"], "value", "tickets", "cases")).toThrow("written in an unusual way in line 1");
  expect(() => editYaml("module.yaml", "name: [\n")).toThrow("cannot be changed safely");
});

test.each([
  ["a mapping in braces", "a: 1\nb: { x: 1 }\nc: 2\n", "a: 1\nc: 2\n"],
  [
    "a mapping in lines, with the comment above it",
    "a: 1\n\n# Of b.\nb:\n  x: 1\n  # more\n  y: 2\n\nc: 2\n",
    "a: 1\n\nc: 2\n",
  ],
  ["a list that is not indented", "b:\n- x\n- y\nc: 2\n", "c: 2\n"],
  ["the last one", "a: 1\n\nb:\n  x: 1\n", "a: 1\n"],
  [
    "the only one, under a comment on the file",
    "# yaml-language-server: $schema=x\nb: 1\n",
    "# yaml-language-server: $schema=x\n",
  ],
  ["a name that another begins with", "bb: 1\nb: 2\n", "bb: 1\n"],
])("a key goes with all that is its own: %s", (_, before, after) => {
  expect(withoutTopKey(before, "b")).toBe(after);
});

test("a key within braces is left to people", () => {
  expect(withoutTopKey("{ a: 1, b: 2 }\n", "b")).toBe(undefined);
});
