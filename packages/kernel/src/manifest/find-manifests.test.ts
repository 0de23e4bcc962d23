import { symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findManifests } from "./find-manifests.ts";
import { testFolder } from "./folder.fixture.ts";

const folder = testFolder();
for (const file of [
  "modules/tickets/module.yaml",
  "modules/audit/module.yaml",
  "modules/notes.txt",
  "modules/empty/readme.md",
  "modules/.hidden/module.yaml",
  "modules/node_modules/module.yaml",
  "modules/old/module.yml",
  "packages/crm/modules/deals/module.yaml",
  "packages/erp/modules/stock/module.yaml",
  "packages/erp/modules/stock-old/module.yaml",
  "single/module.yaml",
  "outside/linked/module.yaml",
]) {
  folder.write(file, "");
}
symlinkSync(path.join(folder.path, "outside/linked"), path.join(folder.path, "modules/linked"));

function find(...patterns: string[]) {
  const { files, problems } = findManifests(folder.path, patterns, (index) => ({
    file: "platform.yaml",
    line: index + 3,
  }));
  return {
    files: files.map((file) => path.relative(folder.path, path.dirname(file))),
    problems: folder.tell(problems),
  };
}

describe("finding manifests", () => {
  it("finds the folders of a pattern, sorted, through links, without hidden ones and node_modules", () => {
    expect(find("modules/*").files).toEqual(["modules/audit", "modules/linked", "modules/tickets"]);
  });

  it("tells of a manifest whose file has another name", () => {
    expect(find("modules/*").problems).toMatchInlineSnapshot(`
      "modules/old/module.yml
        MANIFEST_FILE_NAME: the folder has a module.yml, but no module.yaml
        fix: Rename the file to module.yaml."
    `);
  });

  it("takes a star in any part, and only one level for each", () => {
    expect(find("packages/*/modules/*").files).toEqual([
      "packages/crm/modules/deals",
      "packages/erp/modules/stock",
      "packages/erp/modules/stock-old",
    ]);
    expect(find("packages/*/modules/stock*").files).toEqual([
      "packages/erp/modules/stock",
      "packages/erp/modules/stock-old",
    ]);
    expect(find("packages/*/modules/*k").files).toEqual(["packages/erp/modules/stock"]);
  });

  it("takes a folder without a star, and finds each folder once", () => {
    expect(find("single", "./single", "*").files).toEqual(["single"]);
  });

  it("begins with a dot only where the pattern does", () => {
    expect(find("modules/.h*").files).toEqual(["modules/.hidden"]);
  });

  it("may look beside the root", () => {
    expect(findManifests(path.join(folder.path, "packages"), ["../modules/aud*"]).files).toEqual([
      path.join(folder.path, "modules/audit/module.yaml"),
    ]);
  });

  it("tells of each pattern that finds nothing, with its place", () => {
    expect(find("modules/tickets", "module/*", "modules/empty", "modules/notes.txt/*")).toMatchInlineSnapshot(`
      {
        "files": [
          "modules/tickets",
        ],
        "problems": "platform.yaml:4
        MANIFEST_NOT_FOUND: the pattern "module/*" finds no module
        fix: Correct the pattern, or create a folder with a module.yaml where it points.
      platform.yaml:5
        MANIFEST_NOT_FOUND: the pattern "modules/empty" finds no module
        fix: Correct the pattern, or create a folder with a module.yaml where it points.
      platform.yaml:6
        MANIFEST_NOT_FOUND: the pattern "modules/notes.txt/*" finds no module
        fix: Correct the pattern, or create a folder with a module.yaml where it points.",
      }
    `);
  });

  it("refuses what is no pattern", () => {
    expect(find("", "/etc/*", "a\\*", "modules/**", "*x*").problems).toMatchInlineSnapshot(`
      "platform.yaml:3
        MANIFEST_PATTERN: "" is not a pattern for module folders
        fix: Write a folder relative to the platform's root, with at most one * in each part, as in "modules/*".
      platform.yaml:4
        MANIFEST_PATTERN: "/etc/*" is not a pattern for module folders
        fix: Write a folder relative to the platform's root, with at most one * in each part, as in "modules/*".
      platform.yaml:5
        MANIFEST_PATTERN: "a\\*" is not a pattern for module folders
        fix: Write a folder relative to the platform's root, with at most one * in each part, as in "modules/*".
      platform.yaml:6
        MANIFEST_PATTERN: "modules/**" is not a pattern for module folders
        fix: Write a folder relative to the platform's root, with at most one * in each part, as in "modules/*".
      platform.yaml:7
        MANIFEST_PATTERN: "*x*" is not a pattern for module folders
        fix: Write a folder relative to the platform's root, with at most one * in each part, as in "modules/*"."
    `);
  });

  it("can do without places", () => {
    expect(findManifests(folder.path, ["nothing/*"]).problems[0]?.at).toEqual([]);
  });
});
