import { appendFileSync } from "node:fs";
import { createManifestSchema } from "@plinth/kernel";
import { noRights, PlatformErrors } from "@plinth/module";
import { examinePlugin, fetchPlugin, installPlugin, type LockedPlugin } from "@plinth/plugins";
import { expect, onTestFinished, test } from "vitest";
import { createPlatform } from "../create-platform.ts";
import { testFolder } from "../folder.fixture.ts";

const settings = { http: { port: 0, drainDelay: "0s" } };

/** A platform with one module of its own, and this plugin installed. */
async function hallWith(code: string, others: Readonly<Record<string, string>> = {}) {
  const folder = testFolder({
    "platform.yaml": "name: hall\n",
    "modules/good/module.yaml": "name: good\nversion: 1.0.0\n",
    "visitor/module.yaml": "name: visitor\nversion: 1.0.0\n",
    "visitor/index.js": code,
    ...others,
  });
  onTestFinished(() => folder[Symbol.dispose]());
  const { root } = folder;
  const fetched = await fetchPlugin(`${root}/visitor`, { cwd: root, root, env: process.env });
  const examined = examinePlugin(fetched, createManifestSchema(), root, { trustedKeys: [], signatures: "optional" });
  const { plugin } = await installPlugin(examined, { root, folder: "plugins", rights: noRights });
  return { ...folder, plugin };
}

async function start(root: string, safeMode = false) {
  const platform = await createPlatform({ root, settings, safeMode });
  onTestFinished(async () => void (await platform.stop()));
  await platform.start();
  return platform;
}

function placeOf(root: string, { folder }: LockedPlugin, file: string): string {
  return `${root}/plugins/${folder}/${file}`;
}

const wellBehaved = `
  import { defineModule } from "@plinth/module";
  export default defineModule({});
`;

test("a plugin runs in a process of its own, from files that nobody can change any more", async () => {
  const { root, plugin } = await hallWith(wellBehaved);
  const platform = await start(root);
  const visitor = platform.status().modules.find(({ name }) => name === "visitor");
  expect(visitor).toMatchObject({ source: "plugin", state: "running", critical: false });
  expect(visitor?.pid).toBeGreaterThan(0);
  const { path: running } = platform.folders().find(({ name }) => name === "visitor") ?? {};
  expect(running).not.toBe(`${root}/plugins/${plugin.folder}`);
});

test("a plugin that cannot be loaded is left out, and the others go on", async () => {
  const { root } = await hallWith('throw new Error("no");');
  const platform = await start(root);
  const { state, modules } = platform.status();
  expect(state).toBe("degraded");
  expect(modules.find(({ name }) => name === "visitor")).toMatchObject({
    state: "failed",
    error: { code: "LOAD_IMPORT_FAILED" },
  });
  expect(modules.find(({ name }) => name === "good")?.state).toBe("running");
});

test("a plugin with a changed byte is refused by the name of the file; in safe mode the platform starts without it", async () => {
  const { root, plugin } = await hallWith(wellBehaved, { "platform.yaml": "name: hall\nvisitor: {}\n" });
  appendFileSync(placeOf(root, plugin, "index.js"), " ");
  const thrown = await createPlatform({ root, settings }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(PlatformErrors);
  const [problem] = (thrown as PlatformErrors).errors;
  expect(problem?.code).toBe("PLUGIN_FILE_CHANGED");
  expect(problem?.at[0]?.file).toBe(placeOf(root, plugin, "index.js"));

  const platform = await start(root, true);
  expect(platform.status().state).toBe("running");
  expect(platform.status().modules.map(({ name }) => name)).not.toContain("visitor");
});

test("a plugin that is tampered with while the platform runs goes on as it was, and nothing else of it gets in", async () => {
  const { root, plugin } = await hallWith(wellBehaved);
  const platform = await start(root);
  appendFileSync(placeOf(root, plugin, "index.js"), "\nthrow new Error('no');\n");
  await expect(platform.refresh()).rejects.toMatchObject({ errors: [{ code: "PLUGIN_FILE_CHANGED" }] });
  expect(platform.status().modules.find(({ name }) => name === "visitor")?.state).toBe("running");
});
