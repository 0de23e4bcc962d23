import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inspectPlatform } from "@plinth/platform";
import { beforeEach, expect, test } from "vitest";
import { folderWith, platformctl } from "../command-line.fixture.ts";
import { affectedModules } from "./affected-modules.ts";
import { changedFiles } from "./changed-files.ts";

const module = (name: string, dependencies = "", code = "export default undefined;\n") => ({
  [`desk/modules/${name}/module.yaml`]: `name: ${name}\nversion: 1.0.0\ndependencies: {${dependencies}}\n`,
  [`desk/modules/${name}/src/index.ts`]: code,
});

/** `reports` needs `tickets`, which needs `identity`; `tickets` uses a package that uses another one. */
const repository = {
  "package-lock.json": "{}\n",
  "README.md": "",
  "desk/platform.yaml": "name: desk\n",
  "desk/paging/package.json": '{ "name": "@desk/paging" }\n',
  "desk/paging/src/page.ts": 'import "@desk/words";\n',
  "desk/words/package.json": '{ "name": "@desk/words" }\n',
  "desk/words/index.ts": "",
  "desk/shared/colours.ts": 'import "./palette.ts";\n',
  "desk/shared/palette.ts": "",
  ...module("identity"),
  ...module("tickets", "identity: ^1.0.0", 'import { page } from "@desk/paging/src/page.ts";\n'),
  ...module("reports", "tickets: { version: ^1.0.0, optional: true }"),
  ...module("painting", "", 'import "../../../shared/colours.ts";\n'),
};

let top: string;
let root: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-C", top, "-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
    stdio: "pipe",
  }).toString();

beforeEach(() => {
  top = folderWith(repository);
  root = path.join(top, "desk");
  mkdirSync(path.join(root, "node_modules/@desk"), { recursive: true });
  for (const name of ["paging", "words"])
    symlinkSync(path.join(root, name), path.join(root, "node_modules/@desk", name));
  writeFileSync(path.join(top, ".gitignore"), "node_modules\n*.log\n");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
});

async function affected(ref = "main"): Promise<readonly string[]> {
  const { plan } = await inspectPlatform({ root });
  const changed = await changedFiles(root, ref);
  return [...affectedModules(plan?.modules ?? [], root, changed)].sort();
}

const write = (file: string, text = "// changed\n") => writeFileSync(path.join(top, file), text);

test("nothing has changed, and what belongs to no module touches none", async () => {
  expect(await affected()).toEqual([]);
  write("README.md");
  write("desk/modules/identity/debug.log");
  expect(await affected()).toEqual([]);
});

test.each<[string, string, readonly string[]]>([
  ["a file that was edited", "desk/modules/tickets/src/index.ts", ["reports", "tickets"]],
  ["a file that git does not know yet", "desk/modules/identity/src/new.ts", ["identity", "reports", "tickets"]],
  ["a module that nobody depends on", "desk/modules/painting/module.yaml", ["painting"]],
  ["a package that several share", "desk/paging/src/page.ts", ["reports", "tickets"]],
  ["a package behind that package", "desk/words/index.ts", ["reports", "tickets"]],
  ["a file outside of modules that one imports", "desk/shared/palette.ts", ["painting"]],
  ["the settings", "desk/platform.yaml", ["identity", "painting", "reports", "tickets"]],
  ["what is installed", "package-lock.json", ["identity", "painting", "reports", "tickets"]],
])("%s: %s", async (_, file, modules) => {
  const manifest = "name: painting\nversion: 1.0.1\n";
  const text = file.endsWith("module.yaml") ? manifest : file.endsWith(".yaml") ? "name: other\n" : undefined;
  write(file, text);
  expect(await affected()).toEqual(modules);
});

test("what has been committed since counts, and what others have committed to the branch does not", async () => {
  git("checkout", "-q", "-b", "mine");
  write("desk/modules/painting/src/index.ts");
  git("commit", "-q", "-a", "-m", "mine");
  git("checkout", "-q", "main");
  write("desk/modules/identity/src/index.ts");
  git("commit", "-q", "-a", "-m", "theirs");
  git("checkout", "-q", "mine");
  expect(await affected()).toEqual(["painting"]);
  expect(await affected("HEAD")).toEqual([]);
});

test("a file that was removed or moved counts where it was", async () => {
  rmSync(path.join(root, "shared/palette.ts"));
  expect(await affected()).toEqual(["painting"]);
  renameSync(path.join(root, "modules/tickets/src/index.ts"), path.join(root, "modules/identity/src/more.ts"));
  expect(await affected()).toEqual(["identity", "painting", "reports", "tickets"]);
});

test("the command tests what was touched, among what is named", { timeout: 60_000 }, async () => {
  const run = (...args: string[]) => platformctl(["modules", "test", "--affected", ...args], { cwd: root });
  expect(await run("main")).toEqual({ code: 0, stdout: "no module was touched\n", stderr: "" });
  write("desk/modules/painting/extra.ts");
  expect(await run("main", "--", "identity")).toMatchObject({ code: 0, stdout: "no module was touched\n" });
  rmSync(path.join(root, "modules/painting/src"), { recursive: true });
  const { code, stdout } = await run("main");
  expect([code, stdout.split("\n")[1]]).toEqual([0, expect.stringMatching(/^painting +passed /)]);
  expect(await run("elsewhere")).toMatchObject({ code: 2, stderr: expect.stringContaining("COMMAND_GIT") });
});
