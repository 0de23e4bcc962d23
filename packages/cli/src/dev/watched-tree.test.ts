import { renameSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../command-line.fixture.ts";
import { changesBetween, matters, type Snapshot, snapshotOf, watchedTree } from "./watched-tree.ts";

test.each([
  ".index.ts.swp",
  "index.ts~",
  "#index.ts#",
  "4913",
  "index.test.ts",
  "desk.fixture.ts",
  "README.md",
  ".git",
  "a.tmp",
])("%s does not matter", (name) => expect(matters(name)).toBe(false));

test.each(["index.ts", "module.yaml", "0001_a.sql", "page.html", "testing.ts", "data.json"])("%s matters", (name) =>
  expect(matters(name)).toBe(true),
);

test("a change is what differs in contents, however it was saved", () => {
  const root = folderWith({
    "platform.yaml": "modules: [modules/*]\n",
    "modules/desk/module.yaml": "name: desk\nversion: 1.0.0\n",
    "modules/desk/src/deep/down/a.ts": "1",
    "modules/desk/node_modules/x/index.js": "1",
    "modules/desk/src/b.ts": "1",
    "elsewhere/c.ts": "1",
  });
  const look = (before: Snapshot = new Map()) => snapshotOf(watchedTree({ folder: root, kind: "platform" }), before);
  const file = (name: string) => path.join(root, name);
  const first = look();
  utimesSync(file("modules/desk/src/b.ts"), new Date(), new Date(Date.now() + 5_000));
  writeFileSync(file("modules/desk/src/a~"), "1");
  renameSync(file("modules/desk/src/a~"), file("modules/desk/src/deep/down/a.ts"));
  writeFileSync(file("modules/desk/node_modules/x/index.js"), "2");
  writeFileSync(file("elsewhere/c.ts"), "2");
  expect(changesBetween(first, look(first))).toEqual([]);
  writeFileSync(file("modules/desk/src/deep/down/a.ts"), "2");
  renameSync(file("modules/desk/src/b.ts"), file("modules/desk/src/c.ts"));
  expect(changesBetween(first, look(first)).map((each) => path.relative(root, each))).toEqual([
    "modules/desk/src/b.ts",
    "modules/desk/src/c.ts",
    "modules/desk/src/deep/down/a.ts",
  ]);
});
