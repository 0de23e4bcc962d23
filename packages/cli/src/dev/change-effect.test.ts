import { expect, test } from "vitest";
import { changedKeys, effectOf } from "./change-effect.ts";
import { ImportGraph } from "./import-graph.ts";

const modules = [
  { name: "platform", path: undefined },
  { name: "desk", path: "/office/modules/desk" },
  { name: "drawer", path: "/office/modules/desk/drawer" },
  { name: "clock", path: "/office/modules/clock" },
];

function graphOf(imports: Readonly<Record<string, readonly string[]>>): ImportGraph {
  const graph = new ImportGraph();
  for (const [importer, files] of Object.entries(imports)) {
    graph.add(importer, undefined, false);
    for (const file of files) graph.add(file, importer, false);
  }
  return graph;
}

test("a file concerns the module it is in, and those that import it through whatever", () => {
  const graph = graphOf({
    "/office/modules/desk/index.ts": ["/office/shared/index.ts", "/office/modules/clock/contract.ts"],
    "/office/modules/clock/index.ts": ["/office/modules/clock/contract.ts"],
    "/office/modules/desk/drawer/index.ts": [],
    "/office/shared/index.ts": ["/office/shared/words.ts"],
    "/office/shared/words.ts": ["/office/shared/index.ts"],
  });
  const effect = (...files: string[]) => effectOf(files, modules, graph, "/office");
  expect(effect("/office/shared/words.ts")).toEqual({ modules: ["desk"] });
  expect(effect("/office/modules/clock/contract.ts")).toEqual({ modules: ["clock", "desk"] });
  expect(effect("/office/modules/desk/drawer/index.ts")).toEqual({ modules: ["drawer"] });
  expect(effect("/office/modules/clock/new.ts", "/office/platform.yaml")).toEqual({ modules: [] });
});

test("what the process itself imports, and what is no ES module, calls for a new process", () => {
  const graph = graphOf({
    "/office/src/main.ts": ["/office/shared/words.ts"],
    "/office/modules/desk/index.ts": ["/office/shared/words.ts"],
  });
  expect(effectOf(["/office/shared/words.ts"], modules, graph, "/office")).toEqual({
    restart: "shared/words.ts belongs to no module",
  });
  graph.add("/office/modules/clock/old.cjs", "/office/modules/clock/index.ts", true);
  expect(effectOf(["/office/modules/clock/old.cjs"], modules, graph, "/office")).toEqual({
    restart: "modules/clock/old.cjs is used by code that is not an ES module",
  });
});

test("a renewed file is another for all that import it, and its own imports stay", () => {
  const graph = graphOf({ "/a.ts": ["/b.ts"], "/b.ts": ["/c.ts"] });
  graph.renew(["/b.ts"]);
  expect(["/a.ts", "/b.ts", "/c.ts"].map((file) => graph.versionOf(file))).toEqual([1, 1, undefined]);
  graph.renew(["/c.ts"]);
  expect(["/a.ts", "/b.ts", "/c.ts"].map((file) => graph.versionOf(file))).toEqual([2, 2, 2]);
});

test("keys of platform.yaml that are the platform's own are found where their values differ", () => {
  const own = new Set(["http", "log", "name"]);
  expect(changedKeys("name: a\nhttp: { port: 1 }\ndesk: 1\n", "http: {port: 1}\nname: b\ndesk: 2\n", own)).toEqual([
    "name",
  ]);
  expect(changedKeys("log: {}\n", "", own)).toEqual(["log"]);
});
