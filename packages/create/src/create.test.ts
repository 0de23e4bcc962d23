import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

const bin = path.resolve(import.meta.dirname, "../bin/create.js");

function create(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [bin, ...args], { cwd, encoding: "utf8" });
}

test("it writes a platform into the folder that is named, in the current one", () => {
  const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-create-")));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const { status, stdout, stderr } = create(cwd, "desk");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^wrote \d+ files to desk; now\n {2}cd desk\n {2}make run/);
  expect(existsSync(path.join(cwd, "desk/platform.yaml"))).toBe(true);

  const again = create(cwd, "desk", "--json");
  expect([again.status, again.stdout]).toEqual([2, ""]);
  expect(again.stderr).toMatch(/SCAFFOLD_FOLDER_NOT_EMPTY: .*\/desk is not empty: /);
});
