import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testFolder } from "../folder.fixture.ts";
import { manifestOf, plainText } from "../manifests.fixture.ts";
import { moduleSource } from "./module-source.ts";
import { type ListedModule, modulesSource } from "./modules-source.ts";

const [count, seed] = [2000, 62];

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,14}(-[a-z0-9]{1,14})?$/);
const listed: fc.Arbitrary<ListedModule> = fc
  .record({ name, isInstalled: fc.boolean(), hasEntry: fc.boolean(), hasCodes: fc.boolean() })
  .map(({ name, isInstalled, hasEntry, hasCodes }) => ({
    name,
    folder: `../modules/${name}`,
    generated: isInstalled ? undefined : `../modules/${name}/src/module.gen.ts`,
    entry: hasEntry ? `../modules/${name}/src/index.ts` : undefined,
    codes: hasCodes ? [`${name}.read`, `${name}.write`] : [],
  }));
const list = fc.uniqueArray(listed, { maxLength: 9, selector: ({ name }) => name.replaceAll("-", "") });

test(`generated sources are as the linter formats them: ${count} manifests and lists (seed ${seed})`, () => {
  const folder = testFolder();
  // Nothing but the layout that the project asks for.
  const settings = { files: { includes: ["**/*.ts"] }, formatter: { indentStyle: "space", lineWidth: 120 } };
  folder.write("biome.json", JSON.stringify(settings));
  const sources = [
    ...fc.sample(manifestOf(plainText), { numRuns: count, seed }).map(moduleSource),
    ...fc.sample(list, { numRuns: count, seed }).map(modulesSource),
  ];
  for (const [index, source] of sources.entries()) folder.write(`sources/${index}.ts`, source);
  const { stdout, stderr, status } = spawnSync("biome", ["format", "--vcs-enabled=false", "sources"], {
    cwd: folder.path,
    encoding: "utf8",
  });
  expect(stderr.slice(0, 4000)).toBe("");
  expect(stdout).toContain(`Checked ${2 * count} files`);
  expect(status).toBe(0);
});
