import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseYaml } from "@plinth/kernel";
import { expect, test } from "vitest";
import type { JsonSchema } from "./json-schema.ts";
import { platformFolder, shown } from "./platform.fixture.ts";
import { readSettings } from "./read-settings.ts";
import { resolveSettings } from "./resolve-settings.ts";

/** The settings of a platform whose one module, `m`, has this manifest on disk. */
async function settleOnDisk(platform: string, manifest: string) {
  const root = platformFolder(platform);
  const file = path.join(root, "modules", "m", "module.yaml");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, manifest);
  const { value } = parseYaml(manifest) as { value: { config: JsonSchema } };
  return resolveSettings(readSettings({ root }), [{ name: "m", config: value.config, file }]);
}

test("what is wrong in a manifest is told with its place there", async () => {
  const settings = await settleOnDisk(
    "m:\n  db:\n    host: a\n",
    `name: m
version: 1.0.0
config:
  properties:
    size:
      type: integer
      minimum: 1
      default: 0
    db:
      properties:
        host: { type: string }
        user: { type: string }
      required: [user]
`,
  );
  expect(shown(settings)).toEqual([
    `modules/m/module.yaml:8:7
  SETTINGS_DEFAULT: the default of the setting "m.size" is 0, but must be a whole number of at least 1
  fix: Correct the default in the module's manifest.`,
    `platform.yaml:2:3
  SETTINGS_MISSING: the setting "m.db.user" is missing
  also at modules/m/module.yaml:13:7
  fix: Add m.db.user to platform.yaml or set the variable PLATFORM_M__DB__USER; it must be a text.`,
  ]);
  expect(settings.originOf("m.size")).toMatchObject({ kind: "default", at: { line: 8, column: 7 } });
});

test("a config section that is no schema is told with its place", async () => {
  const settings = await settleOnDisk("", "name: m\nversion: 1.0.0\nconfig: { properties: { a: { type: text } } }\n");
  expect(shown(settings)[0]).toMatch(/^modules\/m\/module\.yaml:3:1\n {2}SETTINGS_SCHEMA: /);
});
