import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { deskFolder, folderInRepository, linkPackage, repository, snapshot } from "./scaffold.fixture.ts";

function read(...parts: string[]): string {
  return readFileSync(path.join(...parts), "utf8");
}

describe("what is written", () => {
  test("a module of its own folder and package, its generated sources, and its line in the platform's package.json", async () => {
    const root = deskFolder();
    const { code, stdout, stderr } = await platformctl(["modules", "new", "sales-leads"], { cwd: root });
    expect([code, stderr]).toEqual([0, "npm install links @desk/sales-leads, so that other modules can import it\n"]);
    expect(stdout).toBe(
      [
        "module.yaml",
        "package.json",
        "src/contract.ts",
        "src/entry-store.ts",
        "src/entry-store.test.ts",
        "src/index.ts",
      ]
        .map((file) => `wrote modules/sales-leads/${file}\n`)
        .join("") +
        [
          "package.json",
          "modules/identity/src/module.gen.ts",
          "modules/sales-leads/src/module.gen.ts",
          "modules/tickets/src/module.gen.ts",
          "src/modules.gen.ts",
        ]
          .map((file) => `wrote ${file}\n`)
          .join(""),
    );
    expect(read(root, "modules/sales-leads/module.yaml")).toBe(
      `# yaml-language-server: $schema=../../node_modules/@plinth/module/module.schema.json
name: sales-leads
version: 1.0.0
description: What sales-leads is for, in a sentence.
platform: ^1.0.0
`,
    );
    expect(JSON.parse(read(root, "package.json")).dependencies).toEqual({
      "@desk/identity": "1.0.0",
      "@desk/sales-leads": "1.0.0",
      "@desk/tickets": "1.0.0",
      "@plinth/platform": "0.1.0",
    });
    expect(JSON.parse(read(root, "modules/sales-leads/package.json"))).toMatchObject({
      name: "@desk/sales-leads",
      dependencies: { "@plinth/module": "^0.1.0" },
    });
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    expect((await platformctl(["generate", "--check"], { cwd: root })).code).toBe(0);
  });

  test("with dependencies it requires their services, and declares them in manifest and package", async () => {
    const root = deskFolder();
    const { code, stdout } = await platformctl(["modules", "new", "invoices", "--depends", "identity", "--json"], {
      cwd: path.join(root, "modules/tickets"),
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { version: 1, module: "invoices", folder: path.join(root, "modules/invoices"), package: "@desk/invoices" },
    ]);
    expect(read(root, "modules/invoices/module.yaml")).toContain("dependencies:\n  identity: ^1.2.0\n");
    expect(read(root, "modules/invoices/src/index.ts")).toContain('import { Users } from "@desk/identity";');
    expect(read(root, "modules/invoices/src/entry-store.test.ts")).toContain(
      'standIn(Users, {} as ServiceOf<typeof Users>, "1.2.0")',
    );
    expect(JSON.parse(read(root, "modules/invoices/package.json")).dependencies["@desk/identity"]).toBe("1.0.0");
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
  });

  test("two services of one name are told apart", async () => {
    const root = deskFolder();
    for (const name of ["leads", "offers"]) await platformctl(["modules", "new", name], { cwd: root });
    await platformctl(["modules", "new", "deals", "--depends", "leads,offers"], { cwd: root });
    const source = read(root, "modules/deals/src/index.ts");
    expect(source).toContain('import { Entries as LeadsEntries } from "@desk/leads";');
    expect(source).toContain("requires: { leadsEntries: LeadsEntries, offersEntries: OffersEntries }");
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
  });

  test("where modules are no packages it is none, and its entry file is what others import", async () => {
    const root = folderWith({ "platform.yaml": "modules: [parts/*]\n", "parts/.keep": "" });
    expect((await platformctl(["modules", "new", "first", "-C", root])).stderr).toBe("");
    expect((await platformctl(["modules", "new", "second", "--depends", "first", "-C", root])).code).toBe(0);
    expect(existsSync(path.join(root, "parts/second/package.json"))).toBe(false);
    expect(read(root, "parts/second/src/index.ts")).toContain(
      'import { Entries as FirstEntries } from "../../first/src/index.ts";',
    );
    expect((await platformctl(["modules", "validate", "-C", root])).stdout).toContain("no problems");
  });

  test("another folder is fine where platform.yaml finds modules in it", async () => {
    const root = deskFolder({ "platform.yaml": "modules: [modules/*, modules/finance/*]\n" });
    const args = ["modules", "new", "invoices", "--folder", "modules/finance"];
    expect((await platformctl(args, { cwd: root })).code).toBe(0);
    expect(read(root, "modules/finance/invoices/module.yaml")).toContain("$schema=../../../node_modules/@plinth/");
  });
});

describe("it works at once", () => {
  function platformInRepository(): string {
    const compilerOptions = { composite: false, incremental: false, noEmit: true, rootDir: "." };
    const root = folderInRepository({
      "platform.yaml": 'modules: ["modules/*"]\n',
      "package.json": JSON.stringify({ name: "desk", type: "module", workspaces: ["modules/*"] }),
      "biome.json": JSON.stringify({
        root: true,
        formatter: { indentStyle: "space", lineWidth: 120 },
        files: { includes: ["**/*.ts", "!**/*.gen.ts"] },
      }),
      "tsconfig.json": JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: ["."] }),
      "vitest.config.ts": `import { defineConfig } from "vitest/config";
        const conditions = ["plinth-source"];
        export default defineConfig({
          resolve: { conditions },
          ssr: { resolve: { conditions, externalConditions: conditions } },
          test: { execArgv: ["--conditions=plinth-source"], pool: "forks", testTimeout: 60_000 },
        });`,
    });
    mkdirSync(path.join(root, "modules"));
    return root;
  }

  function run(cwd: string, command: string, ...args: string[]): string {
    const bin = path.join(repository, "node_modules/.bin", command);
    const { status, stdout, stderr } = spawnSync(bin, args, { cwd, encoding: "utf8", env: { ...process.env, CI: "" } });
    return status === 0 ? "fine" : stdout + stderr;
  }

  test("validate, the linter, the compiler and its own tests pass", { timeout: 120_000 }, async () => {
    const root = platformInRepository();
    const variants: readonly string[][] = [
      ["plain"],
      ["served", "--http", "--depends", "plain"],
      ["everything-that-there-is-to-have", "--http", "--database", "--depends", "plain,served"],
    ];
    for (const variant of variants) {
      expect((await platformctl(["modules", "new", ...variant], { cwd: root })).code).toBe(0);
      linkPackage(root, variant[0] ?? "");
    }
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    expect(run(root, "biome", "check", "--vcs-enabled=false", "modules")).toBe("fine");
    // The sources of Plinth's packages are compiled along, and are checked elsewhere.
    expect(run(root, "tsc", "-p", ".").match(/^(?:modules|src)\/.*/gm)).toBe(null);
    expect(run(root, "vitest", "run")).toBe("fine");
  });
});

describe("what is refused, and changes nothing", () => {
  test.each([
    ["a name that manifests may not have", ["Sales"], "MANIFEST_NAME"],
    ["a name that the platform keeps for itself", ["log"], "MANIFEST_NAME_RESERVED"],
    ["a name that differs by a hyphen", ["tick-ets"], "MANIFEST_NAME_TWINS"],
    ["a name that is taken", ["tickets"], "SCAFFOLD_NAME_TAKEN"],
    ["a name that a module of the platform has", ["http"], "SCAFFOLD_NAME_TAKEN"],
    ["a folder that is there", ["taken"], "SCAFFOLD_FOLDER_TAKEN"],
    ["a dependency that is not there", ["sales", "--depends", "identty"], "COMMAND_MODULE_UNKNOWN"],
    ["a dependency that offers nothing", ["sales", "--depends", "tickets"], "SCAFFOLD_NOTHING_OFFERED"],
    ["a folder that platform.yaml does not name", ["sales", "--folder", "parts"], "SCAFFOLD_FOLDER_UNLISTED"],
  ])("%s", async (_, args, error) => {
    const root = deskFolder({ "modules/taken/notes.txt": "mine" });
    const before = snapshot(root);
    const { code, stdout, stderr } = await platformctl(["modules", "new", ...args], { cwd: root });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`  ${error}`);
    expect(snapshot(root)).toEqual(before);
  });

  test("a name has the same error here as in a manifest", async () => {
    const root = deskFolder();
    const { stderr } = await platformctl(["modules", "new", "Sales"], { cwd: root });
    const inManifest = deskFolder({ "modules/sales/module.yaml": "name: Sales\nversion: 1.0.0\n" });
    const { stdout } = await platformctl(["modules", "validate", "--json"], { cwd: inManifest });
    const { problems } = JSON.parse(stdout);
    expect(stderr).toContain(problems[0].code);
    expect(stderr).toContain(problems[0].fix);
  });

  test("a platform with a manifest that cannot be read", async () => {
    const root = deskFolder({ "modules/broken/module.yaml": "name: [\n" });
    const before = snapshot(root);
    const { code, stderr } = await platformctl(["modules", "new", "sales"], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toContain("modules/broken/module.yaml");
    expect(snapshot(root)).toEqual(before);
  });
});

test("what is missing may be written: the platform need not be in order", async () => {
  const root = deskFolder({
    "modules/identity/module.yaml": "name: identity\nversion: 1.2.0\ndependencies: { log-book: ^1.0.0 }\n",
  });
  expect((await platformctl(["modules", "new", "log-book"], { cwd: root })).code).toBe(0);
});

test("whenever it is interrupted, the module is there as a whole or not at all", { timeout: 60_000 }, async () => {
  const ends = { whole: 0, nothing: 0 };
  for (let delay = 60; delay <= 900; delay += 120) {
    const root = deskFolder();
    const { process: child, ended } = spawnPlatformctl(["modules", "new", "sales", "--http"], { cwd: root });
    const timer = setTimeout(() => child.kill("SIGINT"), delay);
    await ended;
    clearTimeout(timer);
    const folders = readdirSync(path.join(root, "modules"));
    expect(folders.filter((name) => name.startsWith("."))).toEqual([]);
    if (folders.includes("sales")) {
      ends.whole += 1;
      expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    } else {
      ends.nothing += 1;
    }
  }
  expect(ends.nothing).toBeGreaterThan(0);
});

test("a signal in the very moment of writing comes too late: what has begun is finished", {
  timeout: 60_000,
}, async () => {
  for (let round = 0; round < 5; round += 1) {
    const root = deskFolder();
    const { process: child, ended } = spawnPlatformctl(["modules", "new", "sales", "--http", "--database"], {
      cwd: root,
    });
    const watcher = watch(path.join(root, "modules"), (_, name) => {
      if (name?.startsWith(".sales") === true) child.kill("SIGINT");
    });
    await ended;
    watcher.close();
    expect(readdirSync(path.join(root, "modules"))).toEqual(["identity", "sales", "tickets"]);
    expect((await platformctl(["generate", "--check"], { cwd: root })).code).toBe(0);
  }
});

test("what a killed process has left behind is removed by the next one, what a living one writes is not", async () => {
  const root = deskFolder();
  const dead = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => dead.on("close", resolve));
  const names = [`.sales.${dead.pid}-abcdef.new`, `.sales.${process.pid}-abcdef.new`];
  for (const name of names) mkdirSync(path.join(root, "modules", name));
  expect((await platformctl(["modules", "new", "sales"], { cwd: root })).code).toBe(0);
  expect(names.map((name) => existsSync(path.join(root, "modules", name)))).toEqual([false, true]);
});
