import path from "node:path";
import { context, type Message, type Plugin } from "esbuild";
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

test("there is a plugin for each bundler", () => {
  for (const bundler of ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild"] as const) {
    expect(codegenPlugin[bundler]()).toBeDefined();
  }
});
