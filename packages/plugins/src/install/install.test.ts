import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { noRights } from "@plinth/module";
import { ownIdentity, takeLock } from "@plinth/process-lock";
import { describe, expect, it } from "vitest";
import { readLock } from "../lock/read-lock.ts";
import { emptyFolder, examined, installed, refusalOf, slaFiles, writeFiles } from "../plugin.fixture.ts";
import { installPlugin } from "./install-plugin.ts";
import { removePlugin } from "./remove-plugin.ts";

const paging = { ...slaFiles(), "module.yaml": "name: paging\nversion: 2.0.0\nmain: index.js\n" };
const lockOf = (root: string) => readFileSync(path.join(root, "plugins.lock"), "utf8");
const foldersOf = (root: string) => readdirSync(path.join(root, "plugins")).sort();
const put = (root: string, files: Readonly<Record<string, string>>, force = false) =>
  installPlugin(examined(files), { root, folder: "plugins", rights: noRights, force });

describe("installing a plugin", () => {
  it("unpacks it and writes the lock, whose bytes do not depend on the order", async () => {
    const one = await installed(paging, { root: await installed() });
    const other = await installed(slaFiles(), { root: await installed(paging) });
    expect(foldersOf(one)).toEqual(["paging@2.0.0", "sla@1.0.0"]);
    expect(lockOf(one)).toBe(lockOf(other));
    expect(readFileSync(path.join(one, "plugins/sla@1.0.0/lib/deadline.js"), "utf8")).toBe(
      slaFiles()["lib/deadline.js"],
    );
    expect(JSON.parse(lockOf(one)).plugins.sla).toEqual({
      version: "1.0.0",
      source: { kind: "folder", given: "../sla" },
      folder: "sla@1.0.0",
      integrity: expect.stringMatching(/^sha512-/),
      rights: noRights,
      files: Object.fromEntries(Object.keys(slaFiles()).map((name) => [name, expect.stringMatching(/^sha512-/)])),
      checksum: expect.stringMatching(/^sha512-/),
    });
  });

  it("puts a newer version in the place of an older one", async () => {
    const root = await installed();
    const { replaced, plugin } = await put(root, slaFiles("1.1.0"));
    expect([replaced?.version, plugin.version]).toEqual(["1.0.0", "1.1.0"]);
    expect(foldersOf(root)).toEqual(["sla@1.1.0"]);
  });

  it("asks before it goes back, or puts other content in the place of the same version", async () => {
    const root = await installed(slaFiles("1.1.0"));
    expect(await refusalOf(() => put(root, slaFiles("1.0.0")))).toEqual([
      'PLUGIN_INSTALLED: the plugin "sla" is installed in version 1.1.0 already',
    ]);
    const other = slaFiles("1.1.0", { "index.js": "export {};\n" });
    expect(await refusalOf(() => put(root, other))).toHaveLength(1);
    await put(root, other, true);
    expect(foldersOf(root)).toEqual([expect.stringMatching(/^sla@1\.1\.0_[0-9a-f]{8}$/)]);
    await put(root, slaFiles("1.0.0"), true);
    expect(foldersOf(root)).toEqual(["sla@1.0.0"]);
  });

  it("does nothing for what is there already, but repairs what was tampered with", async () => {
    const root = await installed();
    const before = statSync(path.join(root, "plugins.lock")).ino;
    expect(await put(root, slaFiles())).toMatchObject({ isChanged: false });
    expect(statSync(path.join(root, "plugins.lock")).ino).toBe(before);
    writeFileSync(path.join(root, "plugins/sla@1.0.0/index.js"), "evil");
    const { plugin, isChanged } = await put(root, slaFiles());
    expect(isChanged).toBe(true);
    expect(foldersOf(root)).toEqual([plugin.folder]);
    expect(readFileSync(path.join(root, "plugins", plugin.folder, "index.js"), "utf8")).toContain("1.0.0");
  });

  it("leaves everything as it was when it cannot write", async () => {
    const root = await installed();
    const before = lockOf(root);
    mkdirSync(path.join(root, `.plugins.lock.draft-${process.pid}/in-the-way`), { recursive: true });
    expect(await refusalOf(() => put(root, slaFiles("1.1.0")))).toEqual([
      expect.stringMatching(/^PLUGIN_UNWRITABLE: /),
    ]);
    expect([lockOf(root), foldersOf(root)]).toEqual([before, ["sla@1.0.0"]]);
  });
});

describe("removing a plugin", () => {
  it("takes it out of the lock and its folder away", async () => {
    const root = await installed(paging, { root: await installed() });
    await removePlugin("sla", { root, folder: "plugins" });
    expect(foldersOf(root)).toEqual(["paging@2.0.0"]);
    expect(readLock(root).plugins.map(({ name }) => name)).toEqual(["paging"]);
  });

  it("names the plugin that was meant", async () => {
    const root = await installed(paging);
    const thrown = await removePlugin("pagin", { root, folder: "plugins" }).catch((error) => error);
    expect(thrown).toMatchObject({
      code: "PLUGIN_UNKNOWN",
      fix: expect.stringMatching(/^Write paging instead, or run/),
    });
    expect(foldersOf(root)).toEqual(["paging@2.0.0"]);
  });
});

describe("the lock of those who install", () => {
  const lockFile = (root: string) => path.join(root, "plugins/.changing.lock");

  it("is never taken from a living process, however old its file is", async () => {
    const root = await installed();
    const lock = await takeLock(lockFile(root), () => new Error());
    utimesSync(lockFile(root), 1, 1);
    expect(await refusalOf(() => put(root, slaFiles("1.1.0")))).toEqual([
      `PLUGIN_INSTALL_BUSY: plugins are being changed by process ${process.pid}`,
    ]);
    lock.release();
    await put(root, slaFiles("1.1.0"));
  });

  it("is taken from a dead one, however new its file is", async () => {
    const root = await installed();
    writeFileSync(lockFile(root), JSON.stringify({ ...ownIdentity(), pid: 2 ** 22 - 1, started: "1", id: "dead" }));
    await put(root, slaFiles("1.1.0"));
    expect(foldersOf(root)).toEqual(["sla@1.1.0"]);
  });

  it("is not guessed at when its holder is out of sight, or its file is damaged", async () => {
    const root = await installed();
    const elsewhere = { ...ownIdentity(), pid: 7, host: "desk-2", boot: "another", id: "x" };
    writeFileSync(lockFile(root), JSON.stringify(elsewhere));
    expect(await refusalOf(() => put(root, slaFiles("1.1.0")))).toEqual([
      "PLUGIN_INSTALL_BUSY: plugins are being changed by process 7 on desk-2",
    ]);
    writeFileSync(lockFile(root), "{");
    expect(await refusalOf(() => put(root, slaFiles("1.1.0")))).toEqual([
      `PLUGIN_INSTALL_LOCK: the lock file ${lockFile(root)} cannot be understood`,
    ]);
    rmSync(lockFile(root));
  });

  it("lets eight at a time change the plugins one after another, or not at all", async () => {
    const root = emptyFolder();
    writeFiles(root, { "platform.yaml": "" });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        put(root, slaFiles(`1.${index}.0`, { "index.js": `export default ${index};\n` })),
      ),
    );
    expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
    const [plugin] = readLock(root).plugins;
    expect(foldersOf(root)).toEqual([plugin?.folder]);
    expect(existsSync(lockFile(root))).toBe(false);
  });
});
