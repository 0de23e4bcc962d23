import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { noRights } from "@plinth/module";
import { ownIdentity } from "@plinth/process-lock";
import { describe, expect, it, onTestFinished } from "vitest";
import { removePlugin } from "../install/remove-plugin.ts";
import { anybody, emptyFolder, installed, schema, slaFiles, writeFiles } from "../plugin.fixture.ts";
import type { PluginSettings } from "./plugin-settings.ts";
import { type PluginSourceOptions, pluginSource } from "./plugin-source.ts";

type Given = Partial<PluginSourceOptions & PluginSettings>;

function sourceOf(root: string, { willRun = true, production = false, ...settings }: Given = {}) {
  const source = pluginSource({
    root,
    settings: () => ({ ...anybody, folder: "plugins", ...settings }),
    willRun,
    production,
  });
  onTestFinished(() => source.close());
  return source;
}

/** What is refused, and what is said besides. */
function said(root: string, options: Given = {}) {
  const { modules, problems, notices, refused } = sourceOf(root, options).find(schema);
  const lines = (errors: typeof problems) => errors.map(({ code, message }) => `${code}: ${message}`);
  return { modules: modules.length, refused, problems: lines(problems), notices: lines(notices) };
}

const place = (root: string, file = "") => path.join(root, "plugins/sla@1.0.0", file);

describe("the source of plugins", () => {
  it("finds nothing, and writes nothing, where nothing is installed", () => {
    const root = emptyFolder();
    expect(said(root)).toEqual({ modules: 0, refused: [], problems: [], notices: [] });
    expect(readdirSync(root)).toEqual([]);
  });

  it("gives a plugin as a module whose code runs from a copy of the checked files", async () => {
    const root = await installed(slaFiles(), { rights: { ...noRights, network: true } });
    const source = sourceOf(root);
    const [module] = source.find(schema).modules;
    expect(module).toMatchObject({
      source: "plugin",
      definition: undefined,
      manifest: { name: "sla", version: "1.0.0", file: place(root, "module.yaml") },
      plugin: { rights: { network: true }, signedBy: undefined, isTrusted: false, folder: place(root) },
    });
    const copy = module?.path ?? "";
    expect(path.relative(path.join(root, ".data/plugins"), copy)).toMatch(/^\d+-[0-9a-f-]+\/1-sla@1\.0\.0$/);
    // After the check somebody swaps the file; what was checked is what runs.
    writeFileSync(place(root, "index.js"), "export const version = 'evil';\n");
    expect(await import(pathToFileURL(path.join(copy, "index.js")).href)).toMatchObject({ version: "1.0.0" });
    expect(readFileSync(path.join(copy, "migrations/0001_create_deadlines.sql"), "utf8")).toContain("create table");
    expect(statSync(path.dirname(copy)).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(copy, "index.js")).mode & 0o777).toBe(0o400);
  });

  it("finds packages of the platform from the copy", async () => {
    const root = await installed(slaFiles("1.0.0", { "uses.js": 'export { answer } from "host-package";\n' }));
    writeFiles(root, {
      "node_modules/host-package/package.json": '{ "name": "host-package", "exports": "./index.js", "type": "module" }',
      "node_modules/host-package/index.js": "export const answer = 42;\n",
    });
    const [module] = sourceOf(root).find(schema).modules;
    const url = pathToFileURL(path.join(module?.path ?? "", "uses.js")).href;
    expect(await import(url)).toMatchObject({ answer: 42 });
  });

  it("only looks where nothing shall run", async () => {
    const root = await installed();
    const { modules } = sourceOf(root, { willRun: false }).find(schema);
    expect(modules.map((module) => module.path)).toEqual([place(root)]);
    expect(existsSync(path.join(root, ".data"))).toBe(false);
  });

  it.each([
    [
      "a changed byte",
      "PLUGIN_FILE_CHANGED",
      "lib/deadline.js",
      (file: string) => writeFileSync(file, "export const deadline = 3_600_001;\n"),
    ],
    ["a file that was emptied", "PLUGIN_FILE_CHANGED", "index.js", (file: string) => writeFileSync(file, "")],
    ["a missing file", "PLUGIN_FILE_MISSING", "lib/deadline.js", (file: string) => rmSync(file)],
    ["an added file", "PLUGIN_FILE_ADDED", "lib/more.js", (file: string) => writeFileSync(file, "x")],
    ["an added hidden file", "PLUGIN_FILE_ADDED", ".npmrc", (file: string) => writeFileSync(file, "x")],
    ["an added folder", "PLUGIN_FILE_ADDED", "node_modules", (file: string) => mkdirSync(file)],
    [
      "a pipe",
      "PLUGIN_FILE_KIND",
      "index.js",
      (file: string) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
    [
      "a link to the same content",
      "PLUGIN_FILE_KIND",
      "index.js",
      (file: string) => {
        renameSync(file, `${file}.old`);
        symlinkSync(`${file}.old`, file);
      },
    ],
    [
      "a folder behind a link",
      "PLUGIN_FILE_KIND",
      "lib",
      (file: string) => {
        renameSync(file, path.join(file, "../../lib"));
        symlinkSync("../lib", file);
      },
    ],
    [
      "a plugin behind a link",
      "PLUGIN_FILE_KIND",
      "sla@1.0.0",
      (file: string) => {
        const folder = path.dirname(file);
        renameSync(folder, path.join(folder, "../../elsewhere"));
        symlinkSync("../elsewhere", folder);
      },
    ],
  ])("refuses %s by name", async (_, code, file, tamper) => {
    const root = await installed();
    tamper(place(root, file));
    const { modules, refused, problems } = said(root);
    expect([modules, refused]).toEqual([0, ["sla"]]);
    expect(problems[0]).toMatch(new RegExp(`^${code}: .*${file}`));
    // Nothing of it was laid down.
    const left = readdirSync(path.join(root, ".data/plugins"), { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith(".js"))).toEqual([]);
  });

  it("does not care for modes and times", async () => {
    const root = await installed();
    chmodSync(place(root, "index.js"), 0o755);
    expect(said(root)).toMatchObject({ modules: 1, problems: [] });
  });

  it("refuses a folder that is gone, and goes on with other plugins", async () => {
    const root = await installed();
    await installed({ ...slaFiles(), "module.yaml": "name: paging\nversion: 2.0.0\nmain: index.js\n" }, { root });
    rmSync(place(root), { recursive: true });
    expect(said(root)).toEqual({
      modules: 1,
      refused: ["sla"],
      problems: [
        `PLUGIN_FOLDER_MISSING: the plugin "sla" is in plugins.lock, but its folder ${place(root)} is missing`,
      ],
      notices: [],
    });
  });

  it("never takes what is not in the lock: a remark while developing, refused in production", async () => {
    const root = await installed();
    writeFiles(root, { "plugins/evil@1.0.0/module.yaml": "name: evil\nversion: 1.0.0\n", "plugins/readme.txt": "x" });
    const stranger =
      "PLUGIN_NOT_LOCKED: plugins/evil@1.0.0 is not in plugins.lock, so nobody knows what should be in it";
    expect(said(root)).toEqual({ modules: 1, refused: [], problems: [], notices: [stranger] });
    expect(said(root, { production: true })).toEqual({ modules: 1, refused: [], problems: [stranger], notices: [] });
  });

  it("refuses a lock that somebody edited, in whatever way", async () => {
    const root = await installed();
    const lock = path.join(root, "plugins.lock");
    const text = readFileSync(lock, "utf8");
    const broken = (change: (text: string) => string) => {
      writeFileSync(lock, change(text));
      return said(root).problems;
    };
    expect(broken((text) => text.replace('"network": false', '"network": true'))).toEqual([
      'PLUGIN_LOCK_CHANGED: the entry of the plugin "sla" in plugins.lock was changed after it had been written',
    ]);
    expect(broken((text) => `${text}\n`)[0]).toMatch(/^PLUGIN_LOCK_INVALID: .*order, spaces or repeated keys differ$/);
    expect(broken((text) => text.slice(0, -20))[0]).toMatch(/^PLUGIN_LOCK_INVALID: .*it is no JSON$/);
    expect(broken((text) => text.replace('"format": 1', '"format": 2'))[0]).toMatch(/^PLUGIN_LOCK_NEWER: /);
    expect(broken((text) => text.replace(/\n {6}"integrity": "[^"]*",/, ""))[0]).toMatch(/^PLUGIN_LOCK_INVALID: /);
    expect(broken((text) => text.replaceAll("\n", "\r\n"))).toEqual([]);
  });

  it("names a folder of plugins that is none of its own", () => {
    for (const folder of ["..", ".", "/tmp/plugins", "node_modules"]) {
      expect(said(emptyFolder(), { folder }).problems[0]).toMatch(/^PLUGIN_FOLDER_OUTSIDE: /);
    }
  });

  it("gives the very same module again while nothing changes, and another one when its rights do", async () => {
    const root = await installed();
    const source = sourceOf(root);
    const [first] = source.find(schema).modules;
    expect(source.find(schema).modules[0]).toBe(first);
    await installed(slaFiles(), { root, rights: { ...noRights, workers: true } });
    const [second] = source.find(schema).modules;
    expect(second).not.toBe(first);
    expect(second?.plugin.rights.workers).toBe(true);
    // The old one may still run.
    expect(existsSync(first?.path ?? "")).toBe(true);
    source.release(first ?? { path: undefined });
    expect(existsSync(first?.path ?? "")).toBe(false);
    expect(source.find(schema).modules[0]).toBe(second);
  });

  it("notices that a plugin was tampered with while it runs", async () => {
    const root = await installed();
    const source = sourceOf(root);
    source.find(schema);
    writeFileSync(place(root, "index.js"), "evil");
    expect(source.find(schema)).toMatchObject({
      modules: [],
      refused: ["sla"],
      problems: [{ code: "PLUGIN_FILE_CHANGED" }],
    });
  });

  it("forgets a removed plugin, and cleans up behind itself and behind the dead", async () => {
    const root = await installed();
    writeFiles(root, {
      ".data/plugins/1-dead/1-sla@1.0.0/index.js": "x",
      ".data/plugins/1-dead.json": JSON.stringify({ ...ownIdentity(), pid: 2 ** 22 - 1, started: "1" }),
      ".data/plugins/2-alive/1-sla@1.0.0/index.js": "x",
      ".data/plugins/2-alive.json": JSON.stringify(ownIdentity()),
      ".data/plugins/3-being-written.json": "{",
    });
    const source = sourceOf(root);
    source.find(schema);
    const left = () =>
      readdirSync(path.join(root, ".data/plugins")).filter((name) => !name.startsWith(`${process.pid}-`));
    expect(left()).toEqual(["2-alive", "2-alive.json", "3-being-written.json"]);
    await removePlugin("sla", { root, folder: "plugins" });
    expect(source.find(schema).modules).toEqual([]);
    source.close();
    expect(readdirSync(path.join(root, ".data/plugins"))).toEqual(left());
  });
});
