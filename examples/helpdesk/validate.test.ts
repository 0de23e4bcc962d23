import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, onTestFinished, test } from "vitest";

const bin = fileURLToPath(new URL("../../packages/cli/bin/platformctl.js", import.meta.url));

/** A copy of the helpdesk that a test may break. */
let copy: string;
beforeEach(() => {
  copy = realpathSync(mkdtempSync(path.join(tmpdir(), "helpdesk-")));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const name of ["modules", "platform.yaml"]) {
    const filter = (file: string) => path.basename(file) !== "node_modules";
    cpSync(path.join(import.meta.dirname, name), path.join(copy, name), { recursive: true, filter });
  }
});

function validate(cwd: string) {
  const { status, stdout } = spawnSync(process.execPath, [bin, "modules", "validate"], { cwd, encoding: "utf8" });
  return { status, stdout };
}

test("the helpdesk is in order, seen from any of its folders", () => {
  for (const folder of ["", "modules", "modules/tickets/src"]) {
    expect(validate(path.join(copy, folder))).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+ modules, no problems\n$/),
    });
  }
});

test("an import that module.yaml does not declare is found, with the line to add, which mends it", () => {
  const folder = path.join(copy, "modules/notifications");
  appendFileSync(path.join(folder, "src/inbox.ts"), 'export type { User } from "@helpdesk/identity";\n');
  const line = readFileSync(path.join(folder, "src/inbox.ts"), "utf8").split("\n").length - 1;

  const { status, stdout } = validate(folder);
  expect(status).toBe(1);
  expect(stdout).toContain(`src/inbox.ts:${line}:27\n  WIRING_IMPORT_UNDECLARED: `);
  expect(stdout).toContain('  fix: Add to dependencies in its manifest: identity: "^1.0.0"\n');

  const manifest = path.join(folder, "module.yaml");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace(/^migrations:/m, 'dependencies:\n  identity: "^1.0.0"\nmigrations:'));
  expect(validate(folder).status).toBe(0);
});

test("a permission that code asks for and no module declares is found, with the nearest one", () => {
  const file = path.join(copy, "modules/knowledge/src/routes.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace("Permission.ArticleWrite", "Permission.ArticleWrit"));
  const { status, stdout } = validate(copy);
  expect(status).toBe(1);
  expect(stdout).toMatch(/modules\/knowledge\/src\/routes\.ts:\d+:\d+\n {2}PERMISSION_CONSTANT_UNKNOWN: /);
  expect(stdout).toContain("ArticleWrite");
});
