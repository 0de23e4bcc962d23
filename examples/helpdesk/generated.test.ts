import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Context, run } from "@plinth/cli";
import { createPlatform } from "@plinth/platform";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "./helpdesk.fixture.ts";
import { modules, type PermissionCode } from "./src/modules.gen.ts";

const here = import.meta.dirname;

/** What `platformctl` writes, and the code it ends with, in a folder. */
async function platformctl(cwd: string, ...args: string[]): Promise<readonly [code: unknown, text: string]> {
  let text = "";
  const output = {
    write(written: string) {
      text += written;
    },
  };
  const context: Context = { args, cwd, env: {}, stdout: output, stderr: output };
  return [await run(context), text];
}

test("the generated sources are those of the manifests", async () => {
  expect(await platformctl(here, "generate", "--check")).toEqual([0, "8 generated files, all up to date\n"]);
});

test("an edit of a manifest is found, and generate brings the sources up to date", async () => {
  using folder = temporaryFolder();
  cpSync(path.join(here, "modules"), path.join(folder.path, "modules"), { recursive: true });
  cpSync(path.join(here, "platform.yaml"), path.join(folder.path, "platform.yaml"));
  cpSync(path.join(here, "src"), path.join(folder.path, "src"), { recursive: true });
  const manifest = path.join(folder.path, "modules/tickets/module.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("Close a ticket,", "Close any ticket,"));
  const [code, text] = await platformctl(folder.path, "generate", "--check");
  expect(code).toBe(1);
  expect(text).toContain("\n-  /** Close a ticket */\n+  /** Close any ticket */\n");
  expect((await platformctl(folder.path, "generate"))[0]).toBe(0);
  expect((await platformctl(folder.path, "generate", "--check"))[0]).toBe(0);
});

test("a typo in a permission of the tickets module fails the compiler", () => {
  const copy = path.join(here, "modules/tickets/.cache/typo");
  onTestFinished(() => rmSync(path.join(here, "modules/tickets/.cache"), { recursive: true, force: true }));
  mkdirSync(copy, { recursive: true });
  cpSync(path.join(here, "modules/tickets/src"), copy, { recursive: true });
  const compilerOptions = { composite: false, incremental: false, noEmit: true };
  const settings = { extends: "../../../../../../tsconfig.base.json", compilerOptions, files: ["index.ts"] };
  writeFileSync(path.join(copy, "tsconfig.json"), JSON.stringify(settings));
  const compile = () => spawnSync("tsc", ["-p", copy], { encoding: "utf8" }).stdout;
  expect(compile()).toBe("");
  const routes = path.join(copy, "routes.ts");
  writeFileSync(routes, readFileSync(routes, "utf8").replace("Permission.TicketClose", "Permission.TicketClsoe"));
  expect(compile()).toMatch(/routes\.ts\(\d+,\d+\): error TS2551: .*'TicketClsoe'.* Did you mean 'TicketClose'\?/);
});

test("compiled in, with the generated list of modules, the helpdesk runs without its folders being read", async () => {
  using folder = temporaryFolder();
  const settings = {
    http: { port: 0, drainDelay: "0s" },
    database: { dataDir: folder.path },
    log: { level: "silent" },
  };
  const platform = await createPlatform({ modules, settings });
  await platform.start();
  try {
    const own = platform.status().modules.filter(({ source }) => source !== "platform");
    expect(new Set(own.map(({ source, state }) => `${source} ${state}`))).toEqual(new Set(["static running"]));
    expect(own.map(({ name }) => name).sort()).toEqual(modules.map(({ manifest }) => manifest?.name));
  } finally {
    await platform.stop();
  }
});

test("the union of all codes has those of each module, and no others", () => {
  const codes: readonly PermissionCode[] = ["tickets.ticket.close", "access.role.edit"];
  // @ts-expect-error there is no such code
  const typo: PermissionCode = "tickets.ticket.clsoe";
  expect(codes).not.toContain(typo);
});
