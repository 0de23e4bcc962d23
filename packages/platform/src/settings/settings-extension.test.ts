import { errorTable, type ModuleFacts } from "@plinth/module";
import { expect, test } from "vitest";
import type { JsonSchema } from "./json-schema.ts";
import { platformFolder } from "./platform.fixture.ts";
import { readSettings } from "./read-settings.ts";
import { settingsExtension } from "./settings-extension.ts";

function facts(name: string, section: JsonSchema | undefined): ModuleFacts<JsonSchema> {
  const manifest = {
    name,
    version: "1.0.0",
    description: undefined,
    platform: undefined,
    dependencies: [],
    main: undefined,
    critical: true,
    timeouts: { start: undefined, stop: undefined },
    sections: section === undefined ? {} : { config: section },
    file: undefined,
  };
  return { name, version: "1.0.0", source: "static", manifest, path: undefined, section, definition: undefined };
}

test("after the check each module gets its settings as config", async () => {
  const extension = settingsExtension(() => readSettings({ root: platformFolder("tickets: { pageSize: 50 }\n") }));
  const tickets = facts("tickets", { properties: { pageSize: { type: "integer" }, sort: { default: "new" } } });
  const audit = facts("audit", undefined);
  expect(await extension.check?.([tickets, audit])).toEqual([]);
  await extension.accept?.([tickets, audit]);
  const context = extension.context?.(tickets);
  expect(context).toEqual({ config: { pageSize: 50, sort: "new" } });
  expect(Object.isFrozen(context?.config)).toBe(true);
  expect(extension.context?.(audit)).toEqual({ config: {} });
  expect(extension.checked()?.forModule("tickets")).toBe(context?.config);
});

test("the check reports wrong settings and keys of no module", async () => {
  const extension = settingsExtension(() =>
    readSettings({ root: platformFolder("tickest: {}\ntickets: { pageSize: many }\n") }),
  );
  const tickets = facts("tickets", { properties: { pageSize: { type: "integer" } } });
  const problems = (await extension.check?.([tickets])) ?? [];
  expect(problems.map(({ code }) => code)).toEqual(["SETTINGS_UNKNOWN_MODULE", "SETTINGS_INVALID"]);
  expect(problems.every(({ code }) => code in errorTable)).toBe(true);
});

test("the section takes a JSON Schema of an object, and says so to editors", async () => {
  const { section } = settingsExtension(() => readSettings({}));
  const schema = section?.schema["~standard"];
  expect(section?.key).toBe("config");
  expect(await schema?.validate({ required: ["a"] })).toEqual({ value: { required: ["a"] } });
  expect(await schema?.validate("x")).toMatchObject({
    issues: [{ message: "must be a JSON Schema of the module's settings" }],
  });
  expect(await schema?.validate({ type: "array" })).toMatchObject({ issues: [{ path: ["type"] }] });
  expect(schema?.jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({
    $ref: "https://json-schema.org/draft/2020-12/schema",
  });
});

test("a thousand modules with equal settings or none are settled with one compilation", async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `m${index}: { pageSize: ${index} }`);
  const extension = settingsExtension(() => readSettings({ root: platformFolder(lines.join("\n")) }));
  const modules = Array.from({ length: 1000 }, (_, index) =>
    facts(`m${index}`, index < 500 ? { properties: { pageSize: { type: "integer" } } } : undefined),
  );
  expect(await extension.check?.(modules)).toEqual([]);
  expect(extension.checked()?.forModule("m499")).toEqual({ pageSize: 499 });
  expect(new Set(modules.slice(0, 500).map(({ name }) => extension.checked()?.modules.get(name)?.node)).size).toBe(1);
});
