import { rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import type { StaticModule } from "@plinth/platform";
import { context, build as esbuild, type Message, type Plugin } from "esbuild";
import { build, createServer } from "vite";
import { expect, onTestFinished, test, vi } from "vitest";
import { testFolder } from "./folder.fixture.ts";
import { codegenPlugin } from "./unplugin.ts";

const manifest = (text: string) => `name: tickets\nversion: 1.0.0\npermissions: { ticket.read: ${text} }\n`;

/** A platform of one module, whose bundle says what the manifest says. */
function platform() {
  const folder = testFolder();
  folder.writeAll({
    "platform.yaml": "modules: [modules/*]\n",
    "modules/tickets/module.yaml": manifest("See tickets"),
    "modules/tickets/src/index.ts": 'export { manifest as default } from "./module.gen.ts";\n',
    "src/main.ts": 'import { modules } from "./modules.gen.ts";\nconsole.log(modules);\n',
  });
  return { folder, entry: path.join(folder.path, "src/main.ts"), plugin: { root: folder.path } };
}

const waiting = { timeout: 20_000, interval: 50 };

test("with Vite sources are generated when the build begins", async () => {
  const { folder, entry, plugin } = platform();
  const bundle = () =>
    build({
      root: folder.path,
      configFile: false,
      logLevel: "silent",
      plugins: [codegenPlugin.vite(plugin)],
      build: { ssr: entry, outDir: "dist", emptyOutDir: true },
    });
  await bundle();
  expect(folder.read("dist/main.js")).toContain("See tickets");
  folder.write("modules/tickets/module.yaml", manifest("{ since: x }"));
  await expect(bundle()).rejects.toThrow(/"permissions.ticket.read.since" must be a version/);
});

test("with a Vite server sources follow their manifests, and mistakes are told", async () => {
  const { folder, entry, plugin } = platform();
  const server = await createServer({
    root: folder.path,
    configFile: false,
    logLevel: "silent",
    plugins: [codegenPlugin.vite(plugin)],
    server: { middlewareMode: true, ws: false },
    appType: "custom",
  });
  onTestFinished(() => server.close());
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  expect((await server.transformRequest(path.join(folder.path, "modules/tickets/src/module.gen.ts")))?.code).toContain(
    "See tickets",
  );
  await server.transformRequest(entry);

  folder.write("modules/tickets/module.yaml", manifest("[1]"));
  await vi.waitFor(() => expect(told.mock.calls.join()).toContain("MANIFEST_VALUE"), waiting);
  folder.write("modules/tickets/module.yaml", manifest("See all tickets"));
  await vi.waitFor(
    () => expect(folder.read("modules/tickets/src/module.gen.ts")).toContain("See all tickets"),
    waiting,
  );
});

test("with esbuild sources are generated for each build, also while it watches", async () => {
  const { folder, entry, plugin } = platform();
  let errors: readonly Message[] = [];
  const listen: Plugin = {
    name: "listen",
    setup: ({ onEnd }) =>
      onEnd((result) => {
        errors = result.errors;
      }),
  };
  const watching = await context({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    outfile: path.join(folder.path, "dist/main.js"),
    logLevel: "silent",
    plugins: [codegenPlugin.esbuild(plugin), listen],
  });
  onTestFinished(() => watching.dispose());
  await watching.watch();
  await vi.waitFor(() => expect(folder.read("dist/main.js")).toContain("See tickets"), waiting);
  folder.write("modules/tickets/module.yaml", manifest("See all of the tickets"));
  await vi.waitFor(() => expect(folder.read("dist/main.js")).toContain("See all of the tickets"), waiting);
  folder.write("modules/tickets/module.yaml", manifest("[1]"));
  await vi.waitFor(() => expect(errors.map(({ text }) => text).join()).toContain("MANIFEST_VALUE"), waiting);
  folder.write("modules/tickets/module.yaml", manifest("See any"));
  await vi.waitFor(() => expect(folder.read("dist/main.js")).toContain("See any"), waiting);
});

/** A platform with migrations, bundled by esbuild: what the list of its modules holds when the bundle runs elsewhere. */
async function bundledModules(root: string) {
  const outfile = path.join(root, "dist/main.mjs");
  await esbuild({
    entryPoints: [path.join(root, "src/list.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
    logLevel: "silent",
    plugins: [codegenPlugin.esbuild({ root, embed: true })],
  });
  rmSync(path.join(root, "modules"), { recursive: true });
  return (await import(outfile)).modules as readonly StaticModule[];
}

test("with its files embedded, a bundle holds each migration's text, and runs those in code", async () => {
  const { folder } = platform();
  const hostile = "select '`$\\', \"*/\";\u2028\r\n-- \ufeff";
  folder.writeAll({
    "modules/tickets/module.yaml": `${manifest("See tickets")}migrations: ./migrations/\n`,
    "modules/tickets/migrations/0001_create.sql": hostile,
    "modules/tickets/migrations/0002_fill.ts": "export default (): string => 'filled';\n",
    "modules/tickets/migrations/README.md": "notes",
    "modules/plain/module.yaml": "name: plain\nversion: 1.0.0\n",
    "src/list.ts": 'export { modules } from "./modules.gen.ts";\n',
  });
  const [plain, tickets] = await bundledModules(folder.path);
  expect(plain?.files).toEqual({});
  const files = tickets?.files ?? {};
  expect(Object.keys(files)).toEqual(["migrations/0001_create.sql", "migrations/0002_fill.ts"]);
  expect(files["migrations/0001_create.sql"]).toEqual({ text: hostile });
  const code = await files["migrations/0002_fill.ts"]?.load?.();
  expect(code?.default).toBeTypeOf("function");
  expect(String(code?.default)).toContain("filled");
  expect(folder.read("src/modules.gen.ts")).not.toContain("0001_create");
});

test("a folder of migrations that is missing, or leads elsewhere, fails the build", async () => {
  const { folder } = platform();
  folder.writeAll({
    "modules/tickets/module.yaml": `${manifest("See tickets")}migrations: ./migrations\n`,
    "src/list.ts": 'export { modules } from "./modules.gen.ts";\n',
  });
  await expect(bundledModules(folder.path)).rejects.toThrow(
    /the migrations folder ".\/migrations" of module "tickets"/,
  );
  folder.write("elsewhere/0001_create.sql", "select 1;");
  symlinkSync(path.join(folder.path, "elsewhere"), path.join(folder.path, "modules/tickets/migrations"));
  await expect(bundledModules(folder.path)).rejects.toThrow(/leads out of the module's folder/);
});

test("there is a plugin for each bundler", () => {
  for (const bundler of ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild"] as const) {
    expect(codegenPlugin[bundler]()).toBeDefined();
  }
});
