import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { newDatabaseFolder, openDatabase, settingsOf } from "@plinth/database";
import { createPlatform } from "@plinth/platform";
import { describe, expect, test } from "vitest";
import { platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { run } from "./run.ts";
import { desk, deskFolder, folderInRepository, linkPackage, snapshot } from "./scaffold.fixture.ts";

function git(root: string, ...args: string[]): void {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** What names the module from everywhere. */
const everywhere = {
  "platform.yaml": `# What belongs to the desk.
modules: [modules/identity, "modules/tickets"]

tickets: { pageSize: 5 }   # few at a time
isolation:
  inProcess: [identity, tickets]
`,
  "modules/tickets/src/contract.ts": `import { service } from "@plinth/module";
export const Tickets = service<{ count(): number }>("tickets.counts");
`,
  "modules/tickets/src/index.ts": `import { Users } from "@desk/identity";
import { defineModule } from "@plinth/module";
import { Tickets } from "./contract.ts";
import { manifest } from "./module.gen.ts";
export default defineModule(manifest, {
  requires: { users: Users },
  provides: { counts: Tickets },
  setup: () => ({ counts: { count: () => 0 } }),
});
`,
  "modules/reports/module.yaml": `name: reports
version: 1.0.0
dependencies:
  tickets: ^1.0.0   # what is counted
permissions:
  all: { replacedBy: tickets.ticket.read }
`,
  "modules/reports/package.json": `{ "name": "@desk/reports", "dependencies": { "@desk/tickets": "1.0.0" } }\n`,
  "modules/reports/src/index.ts": `import { Tickets } from "@desk/tickets";
import { defineModule } from "@plinth/module";
// The tickets of everybody.
const asked = ["tickets.ticket.read", "tickets.unknown", 'tickets'];
export default defineModule({ requires: { tickets: Tickets }, setup: ({ tickets }) => void [asked, tickets.count()] });
`,
  "src/desk.test.ts": `import tickets from "../modules/tickets/src/index.ts";
const address = \`\${tickets}/tickets/1\`;
export default [address, await import("@desk/tickets/module")];
`,
};
const manifests = {
  ...everywhere,
  "platform.yaml": everywhere["platform.yaml"].replace("identity,", "identity, modules/reports,"),
};

describe("a renamed module", () => {
  test("is renamed in manifests, settings, packages and sources, and comments and layout stay", async () => {
    const root = deskFolder(manifests);
    const before = snapshot(root);
    const { code, stdout, stderr } = await platformctl(["modules", "rename", "tickets", "cases"], { cwd: root });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^renamed tickets to cases, in 9 files\n\nLeft to do:\n/);
    const after = snapshot(root);
    const changedLines = (from: string, to = from) => {
      const old = before[from]?.split("\n") ?? [];
      return after[to]?.split("\n").filter((line, index) => line !== old[index]);
    };
    expect(after["modules/tickets/module.yaml"]).toBe(undefined);
    expect(changedLines("modules/tickets/module.yaml", "modules/cases/module.yaml")).toEqual(["name: cases"]);
    expect(changedLines("platform.yaml")).toEqual([
      'modules: [modules/identity, modules/reports, "modules/cases"]',
      "cases: { pageSize: 5 }   # few at a time",
      "  inProcess: [identity, cases]",
    ]);
    expect(changedLines("modules/reports/module.yaml")).toEqual([
      "  cases: ^1.0.0   # what is counted",
      "  all: { replacedBy: cases.ticket.read }",
    ]);
    expect(changedLines("modules/tickets/package.json", "modules/cases/package.json")).toEqual([
      '  "name": "@desk/cases",',
    ]);
    expect(changedLines("package.json")).toEqual(['    "@desk/cases": "1.0.0",']);
    expect(changedLines("modules/tickets/src/contract.ts", "modules/cases/src/contract.ts")).toEqual([
      'export const Tickets = service<{ count(): number }>("cases.counts");',
    ]);
    expect(changedLines("modules/reports/src/index.ts")).toEqual([
      'import { Tickets } from "@desk/cases";',
      `const asked = ["cases.ticket.read", "tickets.unknown", 'tickets'];`,
    ]);
    expect(changedLines("src/desk.test.ts")).toEqual([
      'import tickets from "../modules/cases/src/index.ts";',
      'export default [address, await import("@desk/cases/module")];',
    ]);
    expect(after["modules/cases/src/module.gen.ts"]).toContain('name: "cases"');
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    expect((await platformctl(["generate", "--check"], { cwd: root })).code).toBe(0);
  });

  test("is said to live on in the database, in variables, in routes and where texts may mean it", async () => {
    const root = deskFolder(manifests);
    const { stdout } = await platformctl(["modules", "rename", "tickets", "cases", "--dry-run"], { cwd: root });
    expect(stdout).toContain('  alter schema "tickets" rename to "cases";\n');
    expect(stdout).toContain("begin with PLATFORM_CASES__ from now on");
    expect(stdout).toContain("http: { prefix: /tickets }");
    expect(stdout).toContain("npm install links @desk/cases.");
    expect(stdout).toMatch(
      /were left alone[^\n]*\n {2}modules\/reports\/src\/index\.ts:4:\d+\n {2}src\/desk\.test\.ts:2:17\n/,
    );
  });

  test("can have its old name back, with which all is as before", async () => {
    const root = deskFolder(manifests);
    await platformctl(["generate"], { cwd: root });
    const before = snapshot(root);
    await platformctl(["modules", "rename", "tickets", "cases"], { cwd: root });
    await platformctl(["modules", "rename", "cases", "tickets"], { cwd: root });
    expect(snapshot(root)).toEqual(before);
  });

  test("finds its tables and grants again when the SQL that was shown has been run", { timeout: 120_000 }, async () => {
    const root = folderInRepository({
      ...desk,
      "modules/tickets/src/index.ts": `import { Users } from "@desk/identity";
import { Grants } from "@plinth/grants";
import { defineModule } from "@plinth/module";
import { manifest } from "./module.gen.ts";
export default defineModule(manifest, { requires: { users: Users, grants: Grants }, setup() {} });
`,
    });
    for (const module of ["identity", "tickets"]) linkPackage(root, module);
    await platformctl(["generate"], { cwd: root });
    const settings = { http: { port: 0, drainDelay: "0s" }, database: { dataDir: path.join(root, ".data") } };
    const startAndStop = async () => {
      const platform = await createPlatform({ root, settings });
      await platform.start();
      expect((await platform.stop()).errors).toEqual([]);
    };
    const query = async (...statements: string[]) => {
      const pool = await openDatabase(settingsOf({ dataDir: path.join(root, ".data") }));
      try {
        const connection = await pool.acquire({ name: "test", schema: undefined });
        let rows: unknown;
        for (const statement of statements) rows = (await connection.script(statement)).at(-1)?.rows;
        connection.release();
        return rows;
      } finally {
        await pool.close();
      }
    };
    await newDatabaseFolder(path.join(root, ".data"));
    await startAndStop();
    await query(
      "insert into tickets.tickets values (1, 'ada')",
      "insert into grants.roles (name) values ('agent')",
      "insert into grants.role_grants values ('agent', 'tickets.ticket.*', 'allow')",
    );
    const { stdout } = await platformctl(["modules", "rename", "tickets", "support-cases", "--force", "--json"], {
      cwd: root,
    });
    const [sql = ""] = JSON.parse(stdout).todo;
    linkPackage(root, "support-cases");
    await query((sql.match(/^ {2}.*$/gm) ?? []).join("\n"));
    await startAndStop();

    expect(await query("select opener from support_cases.tickets")).toEqual([{ opener: "ada" }]);
    expect(await query("select pattern from grants.role_grants")).toEqual([{ pattern: "support-cases.ticket.*" }]);
    expect(await query("select distinct module from plinth.migrations order by module")).toEqual([
      { module: "grants" },
      { module: "support-cases" },
    ]);
  });
});

describe("nothing is changed", () => {
  test.each([
    ["by a dry run, which shows a diff", ["tickets", "cases", "--dry-run"], 0, "-name: tickets\n+name: cases\n"],
    ["for a module that is not there", ["ticket", "cases"], 2, "COMMAND_MODULE_UNKNOWN"],
    ["for a module of the platform", ["http", "web"], 2, "SCAFFOLD_BUILT_IN"],
    ["for the name that it has", ["tickets", "tickets"], 2, "SCAFFOLD_SAME_NAME"],
    ["for a name that is taken", ["tickets", "identity"], 2, "SCAFFOLD_NAME_TAKEN"],
    ["for a name that manifests may not have", ["tickets", "Cases"], 2, "MANIFEST_NAME"],
    ["for a name that differs from another's by a hyphen", ["tickets", "ident-ity"], 2, "MANIFEST_NAME_TWINS"],
    ["for a folder that is there", ["tickets", "taken"], 2, "SCAFFOLD_FOLDER_TAKEN"],
    ["for a file in its place", ["tickets", "file"], 2, "SCAFFOLD_FOLDER_TAKEN"],
  ])("%s", async (_, args, expected, text) => {
    const root = deskFolder({ "modules/taken/notes.txt": "mine", "modules/file": "mine" });
    const before = snapshot(root);
    const { code, stdout, stderr } = await platformctl(["modules", "rename", ...args], { cwd: root });
    expect(code).toBe(expected);
    expect(stdout + stderr).toContain(text);
    expect(snapshot(root)).toEqual(before);
  });

  test("while changes wait to be committed, unless that is said to be right", async () => {
    const root = deskFolder();
    git(root, "init", "--quiet");
    git(root, "add", ".");
    git(root, "commit", "--quiet", "-m", "all");
    writeFileSync(path.join(root, "notes.txt"), "mine");
    const { code, stderr } = await platformctl(["modules", "rename", "tickets", "cases"], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toMatch(/SCAFFOLD_TREE_DIRTY: .* that are not committed: notes\.txt\n/);
    expect(existsSync(path.join(root, "modules/tickets"))).toBe(true);
    expect((await platformctl(["modules", "rename", "tickets", "cases", "--force"], { cwd: root })).code).toBe(0);
  });

  test("when a source cannot be parsed", async () => {
    const root = deskFolder({ "modules/identity/src/broken.ts": 'const tickets = "tickets;\n' });
    const before = snapshot(root);
    const { code, stderr } = await platformctl(["modules", "rename", "tickets", "cases"], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toMatch(/modules\/identity\/src\/broken\.ts\n {2}SCAFFOLD_UNREADABLE: /);
    expect(snapshot(root)).toEqual(before);
  });

  test("when the generated sources could not be written in the end", async () => {
    const root = deskFolder({ "src/modules.gen.ts": "// mine\n" });
    const before = snapshot(root);
    const { code, stderr } = await platformctl(["modules", "rename", "tickets", "cases"], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toContain("CODEGEN_FOREIGN");
    expect(snapshot(root)).toEqual(before);
  });

  test.skipIf(process.getuid?.() === 0)("when a folder may not be written to", async () => {
    const root = deskFolder(everywhere);
    const before = snapshot(root);
    chmodSync(path.join(root, "modules"), 0o500);
    const { code } = await platformctl(["modules", "rename", "tickets", "cases"], { cwd: root });
    chmodSync(path.join(root, "modules"), 0o700);
    expect(code).toBe(2);
    expect(snapshot(root)).toEqual(before);
  });
});

test("the diff of a dry run is in colour on a terminal, and nowhere else", async () => {
  const root = deskFolder();
  const args = ["modules", "rename", "tickets", "cases", "--dry-run"];
  const added = "\u001b[32m+name: cases\u001b[39m";
  expect((await platformctl(args, { cwd: root, terminal: true })).stdout).toContain(added);
  expect((await platformctl(args, { cwd: root, terminal: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(
    "\u001b",
  );
  expect((await platformctl(args, { cwd: root })).stdout).not.toContain("\u001b");
});

test("whenever it is interrupted, all is renamed or nothing", { timeout: 60_000 }, async () => {
  const root = deskFolder(manifests);
  await platformctl(["generate"], { cwd: root });
  const before = snapshot(root);
  let [from, to] = ["tickets", "cases"];
  let unchanged = 0;
  for (let delay = 60; delay <= 900; delay += 120) {
    const { process: child, ended } = spawnPlatformctl(["modules", "rename", from, to], { cwd: root });
    const timer = setTimeout(() => child.kill("SIGINT"), delay);
    await ended;
    clearTimeout(timer);
    const isRenamed = readdirSync(path.join(root, "modules")).includes(to);
    if (isRenamed) [from, to] = [to, from];
    else unchanged += 1;
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    if (from === "tickets") expect(snapshot(root)).toEqual(before);
  }
  expect(unchanged).toBeGreaterThan(0);
});

describe("modules remove", () => {
  test("takes folder, settings and package out, and says what stays in the database", async () => {
    const root = deskFolder({ "modules/identity/src/extra.ts": "export {};\n" });
    const { code, stdout, stderr } = await platformctl(["modules", "remove", "tickets", "--yes"], { cwd: root });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^removed modules\/tickets\n\nLeft to do:\n/);
    expect(stdout).toContain(
      "  drop schema if exists \"tickets\" cascade;\n  delete from plinth.migrations where module = 'tickets';\n",
    );
    expect(stdout).toContain("npm install forgets the link to @desk/tickets.");
    expect(readdirSync(path.join(root, "modules"))).toEqual(["identity"]);
    expect(readFileSync(path.join(root, "platform.yaml"), "utf8")).toBe(
      '# What belongs to the desk.\nmodules: ["modules/*"]\n',
    );
    expect(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).dependencies).not.toHaveProperty(
      "@desk/tickets",
    );
    expect((await platformctl(["modules", "validate"], { cwd: root })).stdout).toContain("no problems");
    expect((await platformctl(["generate", "--check"], { cwd: root })).code).toBe(0);
  });

  test("is refused while others depend on the module, with file and line", async () => {
    const root = deskFolder();
    const before = snapshot(root);
    const { code, stderr } = await platformctl(["modules", "remove", "identity", "--yes"], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /modules\/tickets\/module\.yaml:5:3\n {2}SCAFFOLD_IN_USE: module "identity" is needed by "tickets"\n/,
    );
    expect(snapshot(root)).toEqual(before);
  });

  test("shows what would go and changes nothing in a dry run, and without anybody who agrees", async () => {
    const root = deskFolder();
    const before = snapshot(root);
    const shown = await platformctl(["modules", "remove", "tickets", "--dry-run"], { cwd: root });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^remove modules\/tickets\n--- platform\.yaml\n\+\+\+ platform\.yaml\n/);
    expect(shown.stdout).toContain("\n-tickets: { pageSize: 5 }   # few at a time\n");
    const refused = await spawnPlatformctl(["modules", "remove", "tickets"], { cwd: root }).ended;
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("SCAFFOLD_UNCONFIRMED: this removes modules/tickets");
    const json = await platformctl(["modules", "remove", "tickets", "--dry-run", "--json"], { cwd: root });
    expect(JSON.parse(json.stdout)).toMatchObject({
      module: "tickets",
      dryRun: true,
      removed: path.join(root, "modules/tickets"),
    });
    expect(snapshot(root)).toEqual(before);
  });

  test.each([
    ["y", 0, ["identity"]],
    ["yes", 0, ["identity"]],
    ["", 1, ["identity", "tickets"]],
    ["no", 1, ["identity", "tickets"]],
  ])("asks on a terminal: %j ends with %i", async (answer, code, left) => {
    const root = deskFolder();
    let asked = "";
    const stderr = {
      isTTY: true,
      write(text: string) {
        asked += text;
      },
    };
    const stdin = Object.assign(Readable.from([`${answer}\n`]), { isTTY: true });
    const stdout = { write: () => {} };
    expect(await run({ args: ["modules", "remove", "tickets"], cwd: root, env: {}, stdin, stdout, stderr })).toBe(code);
    expect(asked).toMatch(/^Remove module tickets with everything in modules\/tickets\? \[y\/N\] /);
    expect(readdirSync(path.join(root, "modules"))).toEqual(left);
  });
});
