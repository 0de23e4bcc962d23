import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { noRights } from "@plinth/module";
import { expect, it } from "vitest";
import { writeArchive } from "../archive/write-archive.ts";
import { examinePlugin } from "../examine/examine-plugin.ts";
import { fetchPlugin } from "../fetch/fetch-plugin.ts";
import { anybody, asFiles, emptyFolder, schema, slaFiles } from "../plugin.fixture.ts";
import { verifyPlugins } from "../verify/verify-plugins.ts";
import { installPlugin } from "./install-plugin.ts";
import { restorePlugins } from "./restore-plugins.ts";

/** A platform with a plugin that came from an archive beside it. */
async function fromArchive() {
  const root = emptyFolder();
  const archive = path.join(root, "sla.tgz");
  writeFileSync(archive, writeArchive(asFiles(slaFiles())));
  const fetched = await fetchPlugin("./sla.tgz", { cwd: root, root, env: {} });
  const place = { root, folder: "plugins" };
  await installPlugin(examinePlugin(fetched, schema, root, anybody), { ...place, rights: noRights });
  const restore = async () => {
    const { restored, problems } = await restorePlugins(place, { env: {} });
    return [...restored.map(({ name }) => name), ...problems.map(({ code, message }) => `${code}: ${message}`)];
  };
  const problems = () => verifyPlugins({ ...place, ...anybody }).plugins.flatMap((plugin) => plugin.problems).length;
  return { root, archive, restore, problems, lock: () => readFileSync(path.join(root, "plugins.lock"), "utf8") };
}

it("a plugin that is gone, or was tampered with, is put back as it was", async () => {
  const { root, restore, problems, lock } = await fromArchive();
  const before = lock();
  expect(await restore()).toEqual([]);
  writeFileSync(path.join(root, "plugins/sla@1.0.0/index.js"), "evil");
  writeFileSync(path.join(root, "plugins/sla@1.0.0/more.js"), "evil");
  expect(problems()).toBe(2);
  expect(await restore()).toEqual(["sla"]);
  expect(problems()).toBe(0);
  rmSync(path.join(root, "plugins"), { recursive: true });
  expect(await restore()).toEqual(["sla"]);
  expect([problems(), lock()]).toEqual([0, before]);
});

it("a plugin is not put back from something else", async () => {
  const { root, archive, restore, problems } = await fromArchive();
  rmSync(path.join(root, "plugins"), { recursive: true });
  writeFileSync(archive, writeArchive(asFiles(slaFiles("1.0.0", { "index.js": "evil" }))));
  expect(await restore()).toEqual([
    `PLUGIN_RESTORE_OTHER: what ${archive} holds is not the plugin "sla" as it was installed: index.js has changed`,
  ]);
  rmSync(archive);
  expect(await restore()).toEqual([`PLUGIN_SOURCE_MISSING: there is neither a folder nor an archive "${archive}"`]);
  expect(problems()).toBe(1);
});
