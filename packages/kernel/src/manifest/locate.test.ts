import { describe, expect, it } from "vitest";
import { testFolder } from "./folder.fixture.ts";
import { createLocate, locate } from "./locate.ts";

const folder = testFolder();
const file = folder.write(
  "module.yaml",
  `# comment
name: tickets
dependencies:
  "identity": ^1.0.0
  audit: { version: ^2.0.0, optional: true }
list:
  - a
  - deep: [ x, { y: z } ]
empty:
`,
);

describe("locating a key", () => {
  it.each([
    [["name"], 2, 1],
    [["dependencies"], 3, 1],
    [["dependencies", "identity"], 4, 3],
    [["dependencies", "audit"], 5, 3],
    [["dependencies", "audit", "optional"], 5, 29],
    [["list", 0], 7, 5],
    [["list", 1], 8, 5],
    [["list", 1, "deep", 1, "y"], 8, 18],
    [["empty"], 9, 1],
  ])("%j finds line %i, column %i", (path, line, column) => {
    expect(locate(file, path)).toEqual({ file, line, column });
  });

  it.each([
    [["nothing"], 2, 1],
    [["dependencies", "knowledge"], 3, 1],
    [["list", 7], 6, 1],
    [["name", "first"], 2, 1],
    [["empty", "x"], 9, 1],
    [[], 2, 1],
  ])("%j, which is not there, finds the nearest above it", (path, line, column) => {
    expect(locate(file, path)).toEqual({ file, line, column });
  });

  it("names only the file when it cannot be read or parsed", () => {
    const missing = `${folder.path}/missing.yaml`;
    expect(locate(missing, ["name"])).toEqual({ file: missing });
    const broken = folder.write("broken.yaml", "a: b: c");
    expect(locate(broken, ["a"])).toEqual({ file: broken });
    const empty = folder.write("empty.yaml", "");
    expect(locate(empty, ["a"])).toEqual({ file: empty, line: 1, column: 1 });
  });

  it("can read each file once for many questions", () => {
    const changing = folder.write("changing.yaml", "a: 1\nb: 2\n");
    const locateOnce = createLocate();
    expect(locateOnce(changing, ["b"])).toEqual({ file: changing, line: 2, column: 1 });
    folder.write("changing.yaml", "\n\n\nb: 2\n");
    expect(locateOnce(changing, ["b"])).toEqual({ file: changing, line: 2, column: 1 });
    expect(locate(changing, ["b"])).toEqual({ file: changing, line: 4, column: 1 });
  });
});
