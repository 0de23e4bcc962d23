import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../command-line.fixture.ts";
import { usesMemory } from "./uses-memory.ts";
import { usesOf } from "./uses-of.ts";

const longAgo = new Date(2020, 1, 1);
const later = () => Date.now() + 60_000;

async function specifiersIn(root: string, program: string, now = later) {
  const source = path.join(root, "a.ts");
  const memory = usesMemory(root, { folder: path.join(root, "cache"), program }, now);
  const isKnown = memory?.recall(source) !== undefined;
  const uses = await usesOf([source], memory);
  return [isKnown, uses.get(source)?.imports.map(({ specifier }) => specifier)];
}

test("what a source uses is known until it changes, also to a text of the same length and with the same time", async () => {
  const root = folderWith({ "a.ts": 'import "one";\n' });
  const source = path.join(root, "a.ts");
  utimesSync(source, longAgo, longAgo);
  expect(await specifiersIn(root, "1")).toEqual([false, ["one"]]);
  expect(await specifiersIn(root, "1")).toEqual([true, ["one"]]);
  writeFileSync(source, 'import "two";\n');
  utimesSync(source, longAgo, longAgo);
  expect(await specifiersIn(root, "1")).toEqual([false, ["two"]]);
});

test("another version of the program finds it anew, and so does every one while the source is fresh", async () => {
  const root = folderWith({ "a.ts": 'import "one";\n' });
  expect(await specifiersIn(root, "1", Date.now)).toEqual([false, ["one"]]);
  expect(await specifiersIn(root, "1")).toEqual([false, ["one"]]);
  expect(await specifiersIn(root, "2")).toEqual([false, ["one"]]);
});

test("a memory that is broken is none", async () => {
  const root = folderWith({ "a.ts": 'import "one";\n' });
  await specifiersIn(root, "1");
  const folder = path.join(root, "cache/uses");
  for (const file of readdirSync(folder)) writeFileSync(path.join(folder, file), "[");
  expect(await specifiersIn(root, "1")).toEqual([false, ["one"]]);
});
