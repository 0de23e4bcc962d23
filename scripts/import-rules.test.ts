import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const biome = path.join(root, "node_modules/.bin/biome");
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), "plinth-import-rules-"));
  cpSync(path.join(root, "biome.json"), path.join(copy, "biome.json"));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What the linter, with the project's own settings, says of a file at `place` that imports `specifier`. */
function complaintsOf(place: string, specifier: string): string {
  const file = path.join(copy, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `import { x } from "${specifier}";\nexport const y = x;\n`);
  const { stdout, stderr } = spawnSync(
    biome,
    ["lint", "--vcs-enabled=false", "--only=style/noRestrictedImports", file],
    { cwd: copy, encoding: "utf8" },
  );
  rmSync(file);
  expect(stdout).toContain("Checked 1 file");
  return stdout + stderr;
}

describe("the import rules", () => {
  it.each([
    ["packages/module/src/a.ts", "@plinth/kernel", "@plinth/module imports no other package."],
    ["packages/kernel/src/plan/a.ts", "@plinth/http", "@plinth/kernel may import only: module."],
    ["packages/database/src/a.ts", "@plinth/kernel", "@plinth/database may import only: module, process-lock."],
    ["packages/http/src/a.ts", "@plinth/database", "@plinth/http may import only: module, permissions."],
    ["packages/codegen/src/a.ts", "@plinth/platform", "@plinth/codegen may import only: module, kernel, permissions."],
    ["packages/permissions/src/a.ts", "@plinth/database", "@plinth/permissions may import only: module."],
    ["packages/grants/src/a.ts", "@plinth/http", "@plinth/grants may import only: module, database, permissions."],
    ["packages/process-lock/src/a.ts", "@plinth/module", "@plinth/process-lock imports no other package."],
    ["packages/plugins/src/a.ts", "@plinth/platform", "@plinth/plugins may import only: module, kernel, process-lock."],
    ["packages/isolation/src/a.ts", "@plinth/platform", "@plinth/isolation may import only: module, kernel."],
    ["packages/isolation/src/child/a.ts", "@plinth/kernel", "it imports only channel, child, module and birpc."],
    ["packages/isolation/src/child.ts", "./host/heartbeat.ts", "it imports only channel, child, module and birpc."],
    ["packages/http/src/a.ts", "@plinth/grants", "@plinth/http may import only: module, permissions."],
    ["packages/platform/src/a.ts", "@plinth/cli", "@plinth/platform may import only"],
    ["packages/platform/src/a.ts", "@plinth/codegen", "@plinth/platform may import only"],
    ["packages/create/src/a.ts", "@plinth/platform", "@plinth/create may import only: cli."],
    ["packages/kernel/src/manifest/a.ts", "../lifecycle/states.ts", "manifest imports only from earlier ones."],
    ["packages/kernel/src/loader/a.ts", "../wiring/connect.ts", "loader imports only from earlier ones."],
    ["packages/http/src/a.ts", "./index.ts", "Import the file itself"],
    ["packages/http/src/a.ts", "../../database/src/index.ts", "Import the file itself"],
  ])("refuse %s an import of %s", (place, specifier, message) => {
    expect(complaintsOf(place, specifier)).toContain(message);
  });

  it.each([
    ["packages/kernel/src/lifecycle/a.ts", "@plinth/module"],
    ["packages/kernel/src/lifecycle/a.ts", "../loader/load-modules.ts"],
    ["packages/http/src/a.ts", "@plinth/permissions"],
    ["packages/isolation/src/host/a.ts", "@plinth/kernel"],
    ["packages/isolation/src/child/a.ts", "../channel/protocol.ts"],
    ["packages/grants/src/a.ts", "@plinth/database"],
    ["packages/grants/src/a.ts", "@plinth/permissions"],
    ["packages/platform/src/a.ts", "@plinth/grants"],
    ["packages/codegen/src/a.ts", "@plinth/permissions"],
    ["packages/plugins/src/a.ts", "@plinth/kernel"],
    ["packages/plugins/src/a.ts", "@plinth/process-lock"],
    ["packages/platform/src/a.ts", "@plinth/kernel"],
    ["packages/cli/src/commands/a.ts", "@plinth/platform"],
  ])("allow %s an import of %s", (place, specifier) => {
    expect(complaintsOf(place, specifier)).not.toContain("noRestrictedImports");
  });
});
