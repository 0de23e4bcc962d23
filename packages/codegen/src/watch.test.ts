import { mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { formatProblem } from "@plinth/module";
import { expect, onTestFinished, test, vi } from "vitest";
import { type TestFolder, testFolder } from "./folder.fixture.ts";
import { FolderWatcher } from "./folder-watcher.ts";
import type { Generated } from "./generate.ts";
import { nearestRoot } from "./roots.ts";
import { watchRoots } from "./watch.ts";

const manifest = (name: string, text: string) => `name: ${name}\nversion: 1.0.0\npermissions: { read: ${text} }\n`;
const waiting = { timeout: 20_000, interval: 10 };

/** Watches platforms; the runs that were told of, newest last. */
function watching(...folders: readonly TestFolder[]): Generated[] {
  const runs: Generated[] = [];
  const ending = new AbortController();
  const roots = folders.map((folder) => nearestRoot(folder.path));
  const ended = watchRoots(roots, { signal: ending.signal, onRun: (generated) => void runs.push(generated) });
  onTestFinished(async () => {
    ending.abort();
    await ended;
  });
  return runs;
}

function platform(): TestFolder {
  const folder = testFolder();
  folder.writeAll({ "platform.yaml": "modules: [modules/*]\n", "modules/a/module.yaml": manifest("a", "one") });
  return folder;
}

const source = (folder: TestFolder, name: string) => folder.read(`modules/${name}/src/module.gen.ts`) ?? "";

test("a module's folder that is taken away and comes back is followed again", async () => {
  const folder = platform();
  watching(folder);
  expect(source(folder, "a")).toContain("one");
  for (const text of ["two", "three"]) {
    rmSync(path.join(folder.path, "modules/a"), { recursive: true });
    folder.write("modules/a/module.yaml", manifest("a", text));
    await vi.waitFor(() => expect(source(folder, "a")).toContain(text), waiting);
    folder.write("modules/a/module.yaml", manifest("a", `${text} again`));
    await vi.waitFor(() => expect(source(folder, "a")).toContain(`${text} again`), waiting);
  }
});

test("folders that a new pattern of platform.yaml names are followed, and a renamed folder is", async () => {
  const folder = platform();
  watching(folder);
  mkdirSync(path.join(folder.path, "more"));
  folder.write("platform.yaml~", "modules: [modules/*, more/*]\n");
  renameSync(path.join(folder.path, "platform.yaml~"), path.join(folder.path, "platform.yaml"));
  folder.write("more/b/module.yaml", manifest("b", "two"));
  await vi.waitFor(() => expect(folder.read("more/b/src/module.gen.ts")).toContain("two"), waiting);
  renameSync(path.join(folder.path, "more/b"), path.join(folder.path, "more/c"));
  await vi.waitFor(() => expect(folder.read("src/modules.gen.ts")).toContain("../more/c/src/module.gen.ts"), waiting);
});

test("a generated file that somebody removes or edits is mended when its manifest is saved", async () => {
  const folder = platform();
  watching(folder);
  rmSync(path.join(folder.path, "modules/a/src"), { recursive: true });
  await vi.waitFor(() => expect(source(folder, "a")).toContain("one"), waiting);
});

test("what is wrong is told once, in each of several platforms, and when it is mended", async () => {
  const [one, other] = [platform(), platform()];
  const runs = watching(one, other);
  expect(runs.map(({ problems }) => problems.length)).toEqual([0, 0]);
  other.write("modules/a/module.yaml", "name: A\nversion: 1.0.0\n");
  await vi.waitFor(() => expect(runs).toHaveLength(3), waiting);
  other.write("modules/unrelated.txt", "");
  other.write("modules/a/module.yaml", "name: A\nversion: 1.0.0\n");
  one.write("modules/a/module.yaml", manifest("a", "two"));
  await vi.waitFor(() => expect(source(one, "a")).toContain("two"), waiting);
  other.write("modules/a/module.yaml", manifest("a", "one"));
  await vi.waitFor(() => expect(runs.at(-1)?.problems).toEqual([]), waiting);
  await vi.waitFor(() => expect(runs).toHaveLength(5), waiting);
  expect(runs.map(({ root, problems }) => [root.folder === one.path, problems.length])).toEqual([
    [true, 0],
    [false, 0],
    [false, 1],
    [true, 0],
    [false, 0],
  ]);
});

test("a folder that cannot be watched is named", () => {
  const watcher = new FolderWatcher(() => {});
  const { added, problems } = watcher.follow(new Map([["/nowhere/at/all", undefined]]));
  expect([added, problems.map(formatProblem).join()]).toEqual([
    false,
    expect.stringContaining("/nowhere/at/all\n  CODEGEN_WATCH: the folder cannot be watched: ENOENT"),
  ]);
});
