import path from "node:path";
import { expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "../command-line.fixture.ts";
import { readImports } from "./read-imports.ts";

const manifest = (name: string, rest = "") => `name: ${name}\nversion: 1.2.0\n${rest}`;
const packageFile = (name: string, rest: object = {}) => JSON.stringify({ name: `@desk/${name}`, ...rest });

/** Modules with packages; `reports` uses what it declares. */
const desk = {
  "platform.yaml": "modules: [modules/*]\n",
  "modules/identity/module.yaml": manifest("identity"),
  "modules/identity/package.json": packageFile("identity", {
    exports: { ".": "./src/index.ts", "./types/*": "./src/*.ts" },
  }),
  "modules/identity/src/index.ts": "export default 1;\n",
  "modules/identity/src/users.ts": "export const users = 1;\n",
  "modules/tickets/module.yaml": manifest("tickets"),
  "modules/tickets/package.json": packageFile("tickets"),
  "modules/tickets/src/index.ts": "export default 1;\n",
  "modules/reports/module.yaml": manifest("reports", "dependencies:\n  identity: ^1.0.0\n"),
  "modules/reports/src/index.ts": 'import { users } from "@desk/identity";\nexport default users;\n',
};

interface Found {
  readonly code: string;
  readonly at: readonly { readonly file: string; readonly line?: number; readonly column?: number }[];
  readonly message: string;
  readonly fix: string;
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = folderWith({ ...desk, ...files });
  const { stdout } = await platformctl(["modules", "validate", "--json", "-C", root]);
  const { problems }: { readonly problems: readonly Found[] } = JSON.parse(stdout);
  return problems.map(({ code, at }) =>
    [code, ...at.map(({ file, line, column }) => `${path.relative(root, file)}:${line}:${column}`)].join(" "),
  );
}

test("what is declared may be imported", async () => {
  expect(await problemsOf({})).toEqual([]);
  expect(
    await problemsOf({
      "modules/reports/src/more.ts": 'export * from "@desk/identity/types/users";\nimport fs from "node:fs";\n',
      "modules/reports/src/report.test.ts": 'import "@desk/tickets/src/index.ts";\n',
      "modules/reports/src/module.gen.ts": 'import "@desk/tickets";\n',
    }),
  ).toEqual([]);
});

test("an import of a module that is not declared names file, line and what to add to the manifest", async () => {
  const root = folderWith({
    ...desk,
    "modules/reports/src/more.ts": 'import { a } from "./index.ts";\nimport type { Ticket } from "@desk/tickets";\n',
  });
  const { code, stdout } = await spawnPlatformctl(["modules", "validate", "-C", root], { cwd: root }).ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^modules\/reports\/src\/more\.ts:2:29\n {2}WIRING_IMPORT_UNDECLARED: module "reports" imports from module "tickets", but does not declare a dependency on it\n {2}also at modules\/reports\/module\.yaml:3:1\n {2}fix: Add to dependencies in its manifest: tickets: "\^1\.2\.0"\n/,
  );
});

test.each([
  ["a re-export", 'export { a } from "@desk/tickets";', "1:19"],
  ["a dynamic import", 'const a = await import("@desk/tickets");', "1:24"],
  ["an import for its effect", 'import "@desk/tickets";', "1:8"],
  ["a type that is imported", 'import type { Ticket } from "@desk/tickets";', "1:29"],
  ["a type that is re-exported", 'export type { Ticket } from "@desk/tickets";', "1:29"],
  ["a type that is imported where it is used", 'export type A = import("@desk/tickets").Ticket;', "1:24"],
  ["an import by require", 'import tickets = require("@desk/tickets");', "1:26"],
  ["a call of require", 'const tickets = require("@desk/tickets");', "1:25"],
])("%s counts", async (_, text, place) => {
  expect(await problemsOf({ "modules/reports/src/more.ts": text })).toEqual([
    `WIRING_IMPORT_UNDECLARED modules/reports/src/more.ts:${place} modules/reports/module.yaml:3:1`,
  ]);
});

test("a service that is named by its id needs its module declared, unless it is the module's own", async () => {
  const text = `import { service } from "@plinth/module";
/** As in service<Statistics>("tickets.statistics"). */
export const own = service<{ a(): void }>("reports.own");
export const foreign = service<Map<string, number>>("tickets.statistics");
export const host = service("platform.platform");
`;
  expect(await problemsOf({ "modules/reports/src/more.ts": text })).toEqual([
    "WIRING_UNDECLARED modules/reports/src/more.ts:4:53 modules/reports/module.yaml:3:1",
  ]);
});

test("an import past the public entry is found, by package and by path", async () => {
  expect(
    await problemsOf({
      "modules/reports/src/a.ts": 'import "@desk/identity/src/users.ts";\n',
      "modules/reports/src/b.ts": 'import "../../identity/src/users.ts";\nimport "../../identity/src/index.js";\n',
    }),
  ).toEqual(["WIRING_IMPORT_DEEP modules/reports/src/a.ts:1:8", "WIRING_IMPORT_DEEP modules/reports/src/b.ts:1:8"]);
});

test("a declared dependency that the code does not use is found, unless a service of it is named", async () => {
  const changed = {
    "modules/reports/module.yaml": manifest("reports", "dependencies:\n  identity: ^1.0.0\n  tickets: ^1.0.0\n"),
  };
  expect(await problemsOf(changed)).toEqual(["WIRING_DEPENDENCY_UNUSED modules/reports/module.yaml:5:3"]);
  expect(
    await problemsOf({ ...changed, "modules/reports/src/more.ts": 'export const id = "tickets.statistics";\n' }),
  ).toEqual([]);
});

test("a module without code uses nothing, and that is right", async () => {
  expect(
    await problemsOf({ "modules/empty/module.yaml": manifest("empty", "dependencies: { tickets: ^1.0.0 }\n") }),
  ).toEqual([]);
});

test("imports are read from what does not run, too", () => {
  const text =
    'import type { A } from "a";\nexport * from "b";\n// import "c";\nconst d = "import \'d\'";\nimport(`e`);\nimport(d + "x");\n';
  expect(readImports("x.ts", text).map(({ specifier }) => specifier)).toEqual(["a", "b", "e"]);
});
