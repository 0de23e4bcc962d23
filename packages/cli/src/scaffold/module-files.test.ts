import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { moduleFiles } from "./module-files.ts";
import type { ModulePlan } from "./module-plan.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/);
const identifier = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,20}$/);

const dependency = fc.record({
  name,
  version: fc.constantFrom("1.0.0", "2.3.4"),
  service: fc.record({
    specifier: fc.oneof(
      name.map((each) => `@desk/${each}`),
      name.map((each) => `../../${each}/src/index.ts`),
    ),
    name: identifier,
    alias: identifier,
  }),
  package: fc.option(fc.record({ name: name.map((each) => `@desk/${each}`), range: fc.constant("1.0.0") }), {
    nil: undefined,
  }),
});

const plan: fc.Arbitrary<ModulePlan> = fc.record({
  name,
  scope: fc.option(fc.constant("@desk"), { nil: undefined }),
  database: fc.boolean(),
  http: fc.boolean(),
  dependencies: fc.uniqueArray(dependency, { maxLength: 3, selector: ({ service }) => service.alias }),
  hostVersion: fc.constant("1.0.0"),
  schema: fc.constant("../../node_modules/@plinth/module/module.schema.json"),
  rangeOf: fc.constant(() => "^0.1.0"),
});

test("whatever a module is called and needs, its sources can be parsed, and its package is JSON", () => {
  fc.assert(
    fc.property(plan, (planned) => {
      for (const [file, text] of moduleFiles(planned)) {
        expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
        if (file.endsWith(".ts")) expect([file, parseSync(file, text).errors]).toEqual([file, []]);
        if (file.endsWith(".json")) expect(JSON.parse(text).name).toBe(`@desk/${planned.name}`);
      }
    }),
    { numRuns: 300 },
  );
});

test("the sources are the same, whatever the module is called, but for the id of its service and its routes", () => {
  const planned = { scope: "@desk", database: true, http: true, dependencies: [], hostVersion: "1.0.0", schema: "" };
  const [one, other] = ["class", "zz"].map((each) => moduleFiles({ ...planned, name: each, rangeOf: () => "^0.1.0" }));
  const differing = [...(one ?? [])].filter(([file, text]) => other?.get(file) !== text).map(([file]) => file);
  expect(differing).toEqual(["module.yaml", "package.json", "src/contract.ts", "src/entry-store.test.ts"]);
});
