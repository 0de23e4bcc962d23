import path from "node:path";
import { defineModule, PlatformErrors } from "@plinth/module";
import { expect, test } from "vitest";
import { createPlatform } from "./create-platform.ts";
import { testFolder } from "./folder.fixture.ts";
import { inspectPlatform } from "./inspect-platform.ts";

const settings = { http: { port: 0, drainDelay: "0s" } };
const files = {
  "platform.yaml": "modules: [modules/*]\n",
  "modules/notes/module.yaml": "name: notes\nversion: 1.0.0\nmigrations: ./migrations\n",
  "modules/notes/migrations/0001_notes.sql": "create table notes (id int);\n",
  "modules/other/module.yaml": "name: other\nversion: 1.0.0\n",
};
const manifest = { name: "notes", version: "2.0.0", migrations: "./migrations" };
const definition = defineModule({});

test("a compiled-in module finds its migrations in its folder, and counts once though its manifest is there too", async () => {
  using folder = testFolder(files);
  const notes = { manifest, definition, folder: path.join(folder.root, "modules/notes") };
  const platform = await createPlatform({
    root: folder.root,
    modules: [notes],
    settings: { ...settings, database: { dataDir: "memory://" } },
  });
  const own = platform.folders().filter(({ name }) => ["notes", "other"].includes(name));
  expect(own).toEqual([
    { name: "notes", path: path.join(folder.root, "modules/notes") },
    { name: "other", path: path.join(folder.root, "modules/other") },
  ]);
  const { modules } = platform.status();
  expect(modules.find(({ name }) => name === "notes")).toMatchObject({ source: "static", version: "2.0.0" });
  expect(modules.find(({ name }) => name === "other")).toMatchObject({ source: "directory" });
});

test("with its files compiled in too, a module needs no folder, and the platform none of its folders", async () => {
  using folder = testFolder({ "platform.yaml": "modules: [modules/*]\n" });
  const home = path.join(folder.root, "modules/notes");
  const migrations = (text: string) => ({ "migrations/0001_notes.sql": { text } });
  const told = async (text: string, more: object = {}) => {
    const modules = [{ manifest, definition, folder: home, files: migrations(text), ...more }];
    return (await inspectPlatform({ root: folder.root, modules, settings })).problems.map(({ code }) => code);
  };
  expect(await told("create table notes (id int);\n")).toEqual([]);
  expect(await told("commit;")).toEqual(["MIGRATIONS_TRANSACTION_CONTROL"]);
  expect(await told("select 1;", { files: {} })).toEqual([]);
});

test("a platform without folders can be refreshed as one with them", async () => {
  using folder = testFolder({ "platform.yaml": "modules: [modules/*]\n" });
  const modules = [
    { manifest: { name: "notes", version: "1.0.0" }, definition, folder: path.join(folder.root, "modules/notes") },
  ];
  const platform = await createPlatform({ root: folder.root, modules, settings });
  await platform.start();
  try {
    expect(await platform.refresh()).toMatchObject({ added: [], removed: [], reloaded: [], restarted: [] });
  } finally {
    await platform.stop();
  }
});

test("the settings say which of the compiled-in modules of the platform's folders take part", async () => {
  using folder = testFolder({ "platform.yaml": "modules: [modules/*]\n" });
  const at = (name: string, home = path.join(folder.root, "modules", name)) => {
    return { manifest: { name, version: "1.0.0" }, definition, folder: home };
  };
  const modules = [at("notes"), at("other"), at("elsewhere", "/nowhere/elsewhere")];
  const taking = async (...set: string[]) => {
    const { registry, problems } = await inspectPlatform({ root: folder.root, modules, settings, set });
    expect(problems).toEqual([]);
    return registry.list().flatMap(({ source, manifest }) => (source === "static" ? [manifest.name] : []));
  };
  expect(await taking()).toEqual(["elsewhere", "notes", "other"]);
  expect(await taking('modules=["modules/n*"]')).toEqual(["elsewhere", "notes"]);
  const { problems } = await inspectPlatform({ root: folder.root, modules, settings, set: ['modules=["module/*"]'] });
  expect(problems.map(({ code }) => code)).toEqual(["MANIFEST_NOT_FOUND"]);
});

test("a pattern that finds nothing is told where no folder of the platform is compiled in", async () => {
  using folder = testFolder({ "platform.yaml": "modules: [modules/*]\n" });
  const modules = [defineModule({ name: "own", version: "1.0.0" }, {})];
  const { problems } = await inspectPlatform({ root: folder.root, modules, settings });
  expect(problems.map(({ code }) => code)).toEqual(["MANIFEST_NOT_FOUND"]);
});

test("what is wrong with the migrations of a compiled-in module is told, and so is a folder that is not there", async () => {
  using folder = testFolder({ ...files, "modules/notes/migrations/0003_more.sql": "select 1;\n" });
  const told = async (home: string) => {
    const modules = [{ manifest, definition, folder: path.join(folder.root, home) }];
    return (await inspectPlatform({ modules, settings })).problems.map(({ code }) => code);
  };
  expect(await told("modules/notes")).toEqual(["MIGRATIONS_GAP"]);
  expect(await told("dist/modules/notes")).toEqual(["MIGRATIONS_FOLDER_MISSING"]);
});

test("a module without code may be compiled in, and one whose code carries its manifest needs no other", async () => {
  const { registry } = await inspectPlatform({
    settings,
    modules: [
      { manifest: { name: "bare", version: "1.0.0" }, definition: undefined, folder: "/nowhere/bare" },
      { definition: defineModule({ name: "own", version: "1.0.0" }, {}), folder: "/nowhere/own" },
    ],
  });
  expect(registry.get("bare")).toMatchObject({ source: "static", definition: undefined });
  expect(registry.get("own")).toMatchObject({ source: "static", path: path.resolve("/nowhere/own") });
});

test("code that was defined with another module's manifest is refused", async () => {
  const notes = { manifest, definition: defineModule({ name: "tickets", version: "1.0.0" }, {}), folder: "/nowhere" };
  const created = createPlatform({ modules: [notes], settings });
  await expect(created).rejects.toThrow(PlatformErrors);
  await expect(created).rejects.toThrow('the code of module "notes" was defined with the manifest of "tickets"');
});
