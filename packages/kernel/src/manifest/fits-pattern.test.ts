import path from "node:path";
import { expect, test } from "vitest";
import { findManifests, matchFolders } from "./find-manifests.ts";
import { fitsPattern } from "./fits-pattern.ts";
import { testFolder } from "./folder.fixture.ts";

const patterns = [
  "modules/*",
  "modules/a*",
  "modules/a",
  "./modules/*/",
  "*/b",
  ".m/*",

  "*",
  "m*s/*b",
];
const folders = ["modules/a", "modules/b", "modules/.c", "modules/ab/inner", "modules/node_modules", "other/b", ".m/a"];

test("a pattern fits the folders that it finds, and no others", () => {
  const root = testFolder();
  for (const folder of folders) root.write(`${folder}/module.yaml`, "name: x\n");
  for (const pattern of patterns) {
    const found = new Set(matchFolders(root.path, pattern).map((folder) => path.resolve(folder)));
    for (const folder of folders.map((each) => path.join(root.path, each))) {
      expect([pattern, folder, fitsPattern(root.path, pattern, folder)]).toEqual([pattern, folder, found.has(folder)]);
    }
  }
});

test("a pattern that finds nothing is told, unless it may be empty", () => {
  const root = testFolder();
  const problems = findManifests(root.path, ["modules/*", "others/*"], undefined, (pattern) => pattern === "modules/*");
  expect(problems.problems.map(({ message }) => message)).toEqual([expect.stringContaining("others/*")]);
});
