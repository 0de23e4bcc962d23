import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { writeArchive } from "../archive/write-archive.ts";
import { integrityOf } from "../integrity/integrity.ts";
import { asFiles, emptyFolder, refusalOf, slaFiles, writeFiles } from "../plugin.fixture.ts";
import { fetchPlugin } from "./fetch-plugin.ts";
import { registryWith } from "./registry.fixture.ts";

const names = Object.keys(slaFiles());

/** A platform's folder beside which the plugin's files are. */
function beside(files: Readonly<Record<string, string>>) {
  const folder = emptyFolder();
  writeFiles(path.join(folder, "sla"), files);
  const root = path.join(folder, "desk");
  mkdirSync(root);
  const fetch = (given: string, env = {}) => fetchPlugin(given, { cwd: root, root, env: { ...process.env, ...env } });
  return { folder, root, fetch };
}

describe("a plugin is fetched", () => {
  it("from a folder without package.json: all but hidden files and node_modules", async () => {
    const { fetch } = beside({ ...slaFiles(), ".env": "SECRET=1", "node_modules/x/index.js": "x", "lib/.cache": "x" });
    const { files, origin } = await fetch("../sla");
    expect(files.map((file) => file.path).sort()).toEqual([...names].sort());
    expect(origin).toEqual({ kind: "folder", given: "../sla" });
  });

  it("from a folder with package.json: what npm would pack, without running its scripts", async () => {
    const { fetch, folder } = beside({
      ...slaFiles(),
      "package.json": JSON.stringify({
        name: "sla",
        version: "1.0.0",
        private: true,
        files: ["module.yaml", "index.js", "lib"],
        scripts: { prepack: "touch ../ran", prepare: "touch ../ran", postpack: "touch ../ran" },
        dependencies: { "left-pad": "1.0.0", other: "1.0.0" },
        bundleDependencies: ["left-pad"],
      }),
      "notes.txt": "x",
      "lib/secret.js": "x",
      "lib/.npmignore": "secret.js\n",
      "node_modules/left-pad/package.json": '{ "name": "left-pad", "version": "1.0.0" }',
      "node_modules/left-pad/index.js": "x",
      "node_modules/other/index.js": "x",
    });
    const { files } = await fetch("../sla");
    expect(files.map((file) => file.path).sort()).toEqual([
      "index.js",
      "lib/deadline.js",
      "module.yaml",
      "node_modules/left-pad/index.js",
      "node_modules/left-pad/package.json",
      "package.json",
    ]);
    expect(existsSync(path.join(folder, "ran"))).toBe(false);
  });

  it("from an archive", async () => {
    const { fetch, folder } = beside({});
    const archive = writeArchive(asFiles(slaFiles()));
    writeFileSync(path.join(folder, "sla-1.0.0.tgz"), archive);
    const { files, origin } = await fetch("../sla-1.0.0.tgz");
    expect(files.map((file) => file.path).sort()).toEqual([...names].sort());
    expect(origin).toEqual({ kind: "archive", given: "../sla-1.0.0.tgz", integrity: integrityOf(archive) });
  });

  it("as a package, by the installed npm and the settings of the platform's .npmrc", async () => {
    const { fetch, root } = beside({});
    const packageJson = {
      "package.json": '{ "name": "@acme/sla", "version": "1.2.0", "scripts": { "prepare": "exit 1" } }',
    };
    const archive = writeArchive(asFiles({ ...slaFiles(), ...packageJson }));
    const registry = await registryWith("@acme/sla", "1.2.0", archive);
    writeFiles(root, { ".npmrc": `@acme:registry=${registry}\n`, "package.json": "{}" });
    const cache = { npm_config_cache: path.join(root, ".npm-cache") };
    const { files, origin } = await fetch("@acme/sla@^1.0.0", cache);
    expect(files.map((file) => file.path).sort()).toEqual([...names, "package.json"].sort());
    expect(origin).toEqual({
      kind: "npm",
      given: "@acme/sla@^1.0.0",
      resolved: "@acme/sla@1.2.0",
      integrity: integrityOf(archive),
    });
    const [refusal] = await refusalOf(() => fetch("@acme/nothing", cache));
    expect(refusal).toMatch(/^PLUGIN_NPM: npm could not get @acme\/nothing: .*404/i);
  }, 60_000);

  it.each(["../nowhere", "./sla.tgz", "/nowhere/at/all", "sla.tgz"])("not from %s, where nothing is", async (given) => {
    expect(await refusalOf(() => beside({}).fetch(given))).toEqual([
      `PLUGIN_SOURCE_MISSING: there is neither a folder nor an archive "${given}"`,
    ]);
  });

  it("not by what npm would take for an option", async () => {
    expect(await refusalOf(() => beside({}).fetch("--registry=http://127.0.0.1:1"))).toEqual([
      "PLUGIN_NPM: npm could not get --registry=http://127.0.0.1:1: this cannot be the name of a package",
    ]);
  });

  it("not from a folder with links or with names that a plugin must not have", async () => {
    const { fetch, folder } = beside({ ...slaFiles(), "lib/nul": "x" });
    symlinkSync("/etc", path.join(folder, "sla/etc"));
    expect(await refusalOf(() => fetch("../sla"))).toEqual([
      'PLUGIN_ENTRY_KIND: the plugin holds "etc", which is a link',
      'PLUGIN_PATH: the plugin has a file with the name "lib/nul", in which a part is the name of a device on Windows',
    ]);
  });
});
