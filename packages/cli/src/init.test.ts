import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { folderInRepository, repository, snapshot } from "./scaffold.fixture.ts";

function contentOf(...parts: string[]): { readonly [key: string]: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(path.join(...parts), "utf8"));
}

/** A tool of this repository, in a new platform; what it said, or nothing where all is fine. */
function run(cwd: string, command: string, ...args: string[]): string {
  const bin = path.join(repository, "node_modules/.bin", command);
  const { status, stdout, stderr } = spawnSync(bin, args, { cwd, encoding: "utf8" });
  return status === 0 ? "" : stdout + stderr;
}

describe("what is written", () => {
  test("a platform that validates, with its generated sources, into a folder that is made", async () => {
    const cwd = folderWith({});
    const { code, stdout, stderr } = await platformctl(["init", "apps/help-desk"], { cwd });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^wrote \d+ files to apps\/help-desk; now\n {2}cd apps\/help-desk\n {2}make run .*\n {2}make test\n$/,
    );
    const root = path.join(cwd, "apps/help-desk");
    expect(readdirSync(root).sort()).toEqual([
      ".dockerignore",
      ".github",
      ".gitignore",
      ".vscode",
      "Dockerfile",
      "Makefile",
      "README.md",
      "biome.json",
      "modules",
      "package.json",
      "platform.yaml",
      "src",
      "tsconfig.json",
      "vitest.config.ts",
    ]);
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    expect((await platformctl(["generate", "--check"], { cwd: root })).code).toBe(0);
    expect(Object.values(snapshot(root)).join("\n")).not.toMatch(/starter|"plinth"/);
    expect(contentOf(root, "modules/team/package.json").dependencies).toHaveProperty("@help-desk/notes", "1.0.0");
  });

  test("its README opens with the two commands, and every target of its Makefile says what it does", async () => {
    const cwd = folderWith({});
    await platformctl(["init", "desk"], { cwd });
    const root = path.join(cwd, "desk");
    expect(readFileSync(path.join(root, "README.md"), "utf8")).toMatch(
      /^# desk\n\n```sh\nmake run .*\nmake test .*\n```\n/,
    );
    const { stdout } = spawnSync("make", ["help"], { cwd: root, encoding: "utf8" });
    const targets = [...stdout.matchAll(/^ {2}make ([a-z-]+) +\S/gm)].map(([, target]) => target);
    for (const wanted of ["run", "test", "generate", "validate-modules", "test-modules", "graph", "help"]) {
      expect(targets).toContain(wanted);
    }
  });

  test("the current folder may be the one, and its repository may be there already", async () => {
    const cwd = folderWith({ ".git/HEAD": "ref: refs/heads/main\n" });
    const { code, stdout } = await platformctl(["init", "--name", "help-desk", "--json"], { cwd });
    const result = JSON.parse(stdout);
    expect([code, result]).toMatchObject([0, { version: 1, name: "help-desk", folder: cwd, installed: false }]);
    const written = Object.keys(snapshot(cwd)).map((file) => path.join(cwd, file));
    expect([...result.files].sort()).toEqual(written.sort());
  });

  test("the name of a folder becomes one that packages may have", async () => {
    const cwd = folderWith({});
    await platformctl(["init", "2 My_Desk!"], { cwd });
    expect(readFileSync(path.join(cwd, "2 My_Desk!/platform.yaml"), "utf8")).toContain("\nname: my-desk\n");
  });

  test("with --from it takes Plinth from archives, by the versions that they have", async () => {
    const names = ["plinth-cli-0.3.1.tgz", "plinth-discovery-consul-0.3.1.tgz", "plinth-platform-0.3.1.tgz"];
    const cwd = folderWith(Object.fromEntries(names.map((name) => [`archives/${name}`, ""])));
    await platformctl(["init", "desk", "--from", "archives"], { cwd });
    const { dependencies, devDependencies } = contentOf(cwd, "desk/package.json");
    expect(dependencies).toEqual({ "@plinth/platform": `file:${cwd}/archives/plinth-platform-0.3.1.tgz` });
    expect(devDependencies).toMatchObject({
      "@plinth/cli": `file:${cwd}/archives/plinth-cli-0.3.1.tgz`,
      "@plinth/discovery-consul": `file:${cwd}/archives/plinth-discovery-consul-0.3.1.tgz`,
    });
  });
});

describe("the template", () => {
  test("asks for the tools that this repository uses, in their versions", async () => {
    const cwd = folderWith({});
    await platformctl(["init", "desk"], { cwd });
    const ours = contentOf(repository, "package.json").devDependencies ?? {};
    const { version } = contentOf(import.meta.dirname, "../package.json");
    const { dependencies, devDependencies } = contentOf(cwd, "desk/package.json");
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      // Minor versions of the linter differ in what they want: only that range is narrower.
      const wanted = name === "@biomejs/biome" ? ours[name]?.replace("^", "~") : ours[name];
      expect([name, range]).toEqual([name, name.startsWith("@plinth/") ? `^${version}` : wanted]);
    }
  });

  // Other names come in another order among the imports.
  test.each(["aa", "zz"])("named %s it is what its linter and its compiler want", { timeout: 60_000 }, async (name) => {
    const root = folderInRepository({});
    expect((await platformctl(["init", ".", "--name", name], { cwd: root })).code).toBe(0);
    const scope = path.join(root, "node_modules", `@${name}`);
    mkdirSync(scope, { recursive: true });
    for (const module of ["notes", "team"]) symlinkSync(`../../modules/${module}`, path.join(scope, module));
    expect(run(root, "biome", "check", ".")).toBe("");
    const settings = { extends: "./tsconfig.json", compilerOptions: { customConditions: ["plinth-source"] } };
    writeFileSync(path.join(root, "tsconfig.here.json"), JSON.stringify(settings));
    // The sources of Plinth's packages are compiled along, and are checked elsewhere.
    expect(run(root, "tsc", "-p", "tsconfig.here.json").match(/^(?:modules|src)\/.*/gm)).toBe(null);
  });
});

describe("what is refused, and changes nothing", () => {
  test.each([
    [
      "a folder that holds something, with what it is",
      ["."],
      /SCAFFOLD_FOLDER_NOT_EMPTY: .* is not empty: archives, mine\.txt\n/,
    ],
    ["a file", ["mine.txt"], /SCAFFOLD_FOLDER_TAKEN: .*mine\.txt is there already\n/],
    ["a name that no scope may have", ["desk", "--name", "Help Desk"], /SCAFFOLD_PLATFORM_NAME: "Help Desk" cannot be/],
    ["the name of Plinth itself", ["plinth"], /SCAFFOLD_PLATFORM_NAME/],
    [
      "a folder without archives",
      ["desk", "--from", "archives"],
      /SCAFFOLD_TARBALLS: .*archives holds no package of Plinth/,
    ],
    ["a folder of archives that is not there", ["desk", "--from", "nowhere"], /SCAFFOLD_TARBALLS: .*: ENOENT\n/],
  ])("%s", async (_, args, text) => {
    const cwd = folderWith({ "mine.txt": "mine", "archives/notes.txt": "mine" });
    const before = snapshot(cwd);
    const { code, stdout, stderr } = await platformctl(["init", ...args], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(text);
    expect(snapshot(cwd)).toEqual(before);
  });
});

test.each([["desk"], ["."]])(
  "whenever init %s is interrupted, all is there or nothing",
  { timeout: 60_000 },
  async (dir) => {
    let nothing = 0;
    for (let delay = 60; delay <= 900; delay += 120) {
      const cwd = folderWith({});
      const { process: child, ended } = spawnPlatformctl(["init", dir, "--name", "desk"], { cwd });
      const timer = setTimeout(() => child.kill("SIGINT"), delay);
      await ended;
      clearTimeout(timer);
      const root = path.join(cwd, dir);
      if (existsSync(path.join(root, "platform.yaml"))) {
        expect((await platformctl(["generate", "--check"], { cwd: root })).code).toBe(0);
        expect(readdirSync(cwd).filter((name) => name.endsWith(".new"))).toEqual([]);
      } else {
        nothing += 1;
        expect(readdirSync(cwd)).toEqual([]);
      }
    }
    expect(nothing).toBeGreaterThan(0);
  },
);

test("an installation that is broken off leaves no half of it, and the platform as it was", {
  timeout: 60_000,
}, async () => {
  const cwd = folderWith({});
  const { process: child, ended } = spawnPlatformctl(["init", "desk", "--install"], {
    cwd,
    // Nobody answers there, so npm waits.
    env: { npm_config_registry: "http://192.0.2.1:9", npm_config_fetch_retries: "0" },
  });
  await expect.poll(() => existsSync(path.join(cwd, "desk/package.json")), { timeout: 20_000 }).toBe(true);
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/SCAFFOLD_INSTALL: .*: it was broken off\n/);
  expect(existsSync(path.join(cwd, "desk/node_modules"))).toBe(false);
  expect((await platformctl(["generate", "--check"], { cwd: path.join(cwd, "desk") })).code).toBe(0);
});
