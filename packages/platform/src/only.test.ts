import { PlatformErrors } from "@plinth/module";
import { expect, test } from "vitest";
import { createPlatform } from "./create-platform.ts";
import { testFolder } from "./folder.fixture.ts";

const files = {
  "platform.yaml": "a: { size: 3 }\nb: { size: 4 }\n",
  "modules/a/module.yaml": "name: a\nversion: 1.0.0\nconfig: { properties: { size: { type: integer } } }\n",
  "modules/b/module.yaml":
    "name: b\nversion: 1.0.0\ndependencies: { a: ^1.0.0 }\nconfig: { properties: { size: { type: integer } } }\n",
  "modules/c/module.yaml":
    "name: c\nversion: 1.0.0\ndependencies: { a: { version: ^1.0.0, optional: true }, b: ^1.0.0 }\n",
};

const namesOf = async (root: string, only?: readonly string[]) => {
  const platform = await createPlatform({ root, settings: { http: { port: 0 } }, ...(only && { only }) });
  const { modules } = platform.status();
  return modules.filter(({ source }) => source !== "platform").map(({ name }) => name);
};

test("only the modules named take part, and settings of the others are no problem", async () => {
  using folder = testFolder(files);
  expect(await namesOf(folder.root)).toEqual(["a", "b", "c"]);
  expect(await namesOf(folder.root, ["a"])).toEqual(["a"]);
  expect(await namesOf(folder.root, [])).toEqual([]);
});

test("a dependency that does not take part is missing", async () => {
  using folder = testFolder(files);
  const refusal = await createPlatform({ root: folder.root, only: ["b"] }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PlatformErrors);
  expect((refusal as PlatformErrors).errors.map(({ code }) => code)).toEqual(["GRAPH_MISSING"]);
});
