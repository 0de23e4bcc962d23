import type { FileTexts } from "./file-texts.ts";
import { contractSource, indexSource, routesSource, storeSource } from "./module-code.ts";
import type { ModulePlan } from "./module-plan.ts";
import { testSource } from "./module-test.ts";

const migration = `create table entries (
  id bigint generated always as identity primary key,
  text text not null
);
`;

/** All files of a new module but the generated ones, by their paths in its folder. */
export function moduleFiles(plan: ModulePlan): FileTexts {
  return new Map([
    ["module.yaml", manifestText(plan)],
    ...(plan.scope === undefined ? [] : [["package.json", packageText(plan, plan.scope)] as const]),
    ...(plan.database ? [["migrations/0001_create_entries.sql", migration] as const] : []),
    ["src/contract.ts", contractSource(plan)],
    ["src/entry-store.ts", storeSource(plan)],
    ["src/entry-store.test.ts", testSource(plan)],
    ["src/index.ts", indexSource(plan)],
    ...(plan.http ? [["src/routes.ts", routesSource()] as const] : []),
  ]);
}

function manifestText({ name, hostVersion, schema, dependencies, http, database }: ModulePlan): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    `name: ${name}`,
    "version: 1.0.0",
    `description: ${descriptionOf(name)}`,
    `platform: ^${hostVersion}`,
    ...(dependencies.length === 0 ? [] : ["dependencies:"]),
    ...dependencies.map((dependency) => `  ${dependency.name}: ^${dependency.version}`),
    ...(http ? ["permissions:", "  entry.read: See the entries", "  entry.add: Add entries"] : []),
    ...(database ? ["migrations: ./migrations"] : []),
    "",
  ].join("\n");
}

function descriptionOf(name: string): string {
  return `What ${name} is for, in a sentence.`;
}

function packageText({ name, http, database, dependencies, rangeOf }: ModulePlan, scope: string): string {
  const own = ["@plinth/module", ...(http ? ["@plinth/http"] : []), ...(database ? ["@plinth/database"] : [])];
  const others = dependencies.flatMap((each) => (each.package === undefined ? [] : [each.package]));
  const forTests = ["@plinth/testing", ...(http ? ["@plinth/permissions"] : [])];
  const content = {
    name: `${scope}/${name}`,
    version: "1.0.0",
    private: true,
    description: descriptionOf(name),
    type: "module",
    exports: { ".": "./src/contract.ts", "./module": "./src/index.ts" },
    dependencies: sorted([...others.map(({ name, range }) => [name, range] as const), ...own.map(withRange)]),
    devDependencies: sorted(forTests.map(withRange)),
  };
  return `${JSON.stringify(content, null, 2)}\n`;

  function withRange(name: string): readonly [string, string] {
    return [name, rangeOf(name)];
  }
}

function sorted(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
