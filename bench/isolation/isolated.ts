import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { service } from "@plinth/module";
import { createPlatform } from "@plinth/platform";
import type { Echo, OpenEcho } from "./echo.ts";

const root = path.resolve(import.meta.dirname, "../.cache/isolation");

const files = {
  "platform.yaml": "modules: [modules/*]\n",
  "modules/echo/module.yaml": "name: echo\nversion: 1.0.0\nisolation: process\n",
  "modules/echo/index.js": `import { defineModule, service } from "@plinth/module";
    export default defineModule({ provides: { echo: service("echo.echo") }, setup: () => ({ echo: { echo: async (value) => value } }) });`,
};

/** A module of a running platform, in a process of its own. */
export async function openIsolated(): Promise<OpenEcho> {
  rmSync(root, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const platform = await createPlatform({ root, settings: { http: { port: 0, drainDelay: "0s" } } });
  await platform.start();
  const found = platform.service(service<Echo>("echo.echo"));
  const pid = platform.status().modules.find(({ name }) => name === "echo")?.pid;
  if (found === undefined || pid === undefined) throw new Error("the module does not run in a process of its own");
  return { echo: (value) => found.echo(value), close: async () => void (await platform.stop()) };
}
