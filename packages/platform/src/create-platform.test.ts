import { Database } from "@plinth/database";
import { PlatformErrors, service } from "@plinth/module";
import { startPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPlatform } from "./create-platform.ts";
import { type TestFolder, testFolder } from "./folder.fixture.ts";

const settings = { http: { port: 0, drainDelay: "0s" } };

/** Three modules, each with a table of its own; the later ones refer to the earlier ones' tables. */
const chain = {
  "platform.yaml": 'modules: ["modules/*"]\n',
  "modules/identity/module.yaml": "name: identity\nversion: 1.2.0\nmigrations: ./migrations\n",
  "modules/identity/migrations/0001_users.sql": "create table users (id int primary key, name text not null);\n",
  "modules/identity/src/index.ts": `
    import { Database } from "@plinth/database";
    import { defineModule, service } from "@plinth/module";
    export default defineModule({
      requires: { db: Database },
      provides: { users: service<{ names(): Promise<string[]> }>("identity.users") },
      setup({ db, lifecycle }) {
        lifecycle.onStart(async () => {
          await db.query("insert into users values (1, 'Ada') on conflict do nothing");
        });
        return { users: { names: async () => (await db.query<{ name: string }>("select name from users")).rows.map(({ name }) => name) } };
      },
    });`,
  "modules/tickets/module.yaml":
    "name: tickets\nversion: 2.0.0\ndependencies: { identity: ^1.0.0 }\nmigrations: ./migrations\n",
  "modules/tickets/migrations/0001_tickets.sql":
    "create table tickets (id int primary key, opened_by int references identity.users (id));\n",
  "modules/tickets/migrations/0002_state.sql": "alter table tickets add column state text not null default 'open';\n",
  "modules/tickets/src/index.ts": `
    import { Database } from "@plinth/database";
    import { defineModule, service } from "@plinth/module";
    export default defineModule({
      requires: { db: Database, users: service<{ names(): Promise<string[]> }>("identity.users") },
      provides: { tickets: service<{ all(): Promise<unknown[]> }>("tickets.tickets") },
      setup({ db, users, lifecycle }) {
        lifecycle.onStart(async () => {
          const [name] = await users.names();
          if (name !== "Ada") throw new Error("identity was not ready");
          await db.query("insert into tickets (id, opened_by) values (1, 1) on conflict do nothing");
        });
        return { tickets: { all: async () => (await db.query("select * from tickets")).rows } };
      },
    });`,
  "modules/reports/module.yaml": "name: reports\nversion: 0.3.0\ndependencies: { tickets: ^2.0.0 }\n",
};

describe.each(["PGlite", "PostgreSQL"])("a platform of several modules on %s", (kind) => {
  let folder: TestFolder;
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let database: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    folder = testFolder(chain);
    if (kind === "PostgreSQL") {
      postgres = await startPostgres();
      database = { url: (await postgres.createDatabase()).url };
    } else {
      database = { dataDir: "memory://" };
    }
  });

  afterAll(async () => {
    await postgres?.stop();
    folder[Symbol.dispose]();
  });

  it("migrates and starts them in the order of their dependencies, and stops them in reverse", async () => {
    const platform = await createPlatform({ root: folder.root, settings: { ...settings, database } });
    const states: string[] = [];
    const interesting = new Set(["identity", "tickets", "reports"]);
    platform.onEvent((event) => {
      if (event.type === "module.state" && interesting.has(event.module)) states.push(`${event.module} ${event.to}`);
    });
    const report = await platform.start();
    expect(report.state).toBe("running");
    expect(
      platform
        .status()
        .modules.map(({ name }) => name)
        .slice(-3),
    ).toEqual(["identity", "tickets", "reports"]);

    const rows = await platform.service(service<{ all(): Promise<unknown[]> }>("tickets.tickets"))?.all();
    expect(rows).toEqual([{ id: 1, opened_by: 1, state: "open" }]);
    expect(platform.service(Database)).toBeDefined();

    expect((await platform.stop()).errors).toEqual([]);
    expect(states).toEqual([
      ...["identity", "tickets", "reports"].flatMap((name) => [
        `${name} migrating`,
        `${name} starting`,
        `${name} running`,
      ]),
      ...["reports", "tickets", "identity"].flatMap((name) => [`${name} stopping`, `${name} stopped`]),
    ]);
  });
});

describe("a platform that is wrong", () => {
  it("reports everything that is wrong with manifests, graph, settings and migrations in one go, and starts nothing", async () => {
    using folder = testFolder({
      "platform.yaml": 'modules: ["modules/*"]\nhttpp: { port: 1 }\n',
      "modules/a/module.yaml": "name: a\nversion: 1.0.0\ndependencies: { b: ^1.0.0 }\n",
      "modules/b/module.yaml": "name: b\nversion: 1.0.0\ndependencies: { a: ^1.0.0, missing: ^1.0.0 }\n",
      "modules/c/module.yaml": "name: c\nversion: 1.0.0\ndependencies: { b: ^2.0.0 }\ndescripton: x\n",
      "modules/d/module.yaml": "name: d\nversion: 1.0.0\nmigrations: ./migrations\n",
      "modules/d/migrations/0002_two.sql": "select 1;",
      "modules/e/module.yaml": "name: e\nversion: 1.0.0\nconfig: { properties: { size: { type: integer } } }\n",
    });
    const failure = await createPlatform({ root: folder.root, env: { PLATFORM_E__SIZE: "large" } }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(PlatformErrors);
    const codes = (failure as PlatformErrors).errors.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining(["MANIFEST_UNKNOWN_KEY", "GRAPH_CYCLE", "GRAPH_MISSING", "SETTINGS_UNKNOWN_MODULE"]),
    );
    for (const { fix } of (failure as PlatformErrors).errors) expect(fix).not.toBe("");
  });

  it("says which module's code cannot be loaded", async () => {
    using folder = testFolder({
      "platform.yaml": 'modules: ["modules/*"]\n',
      "modules/a/module.yaml": "name: a\nversion: 1.0.0\n",
      "modules/a/src/index.ts": 'import "./not-there.ts";\n',
      "modules/b/module.yaml": "name: b\nversion: 1.0.0\n",
      "modules/b/src/index.ts": "export default { setup() {} };\n",
    });
    await expect(createPlatform({ root: folder.root, settings })).rejects.toMatchObject({
      errors: [
        { code: "LOAD_IMPORT_FAILED", at: [{ file: `${folder.root}/modules/a/src/index.ts` }] },
        { code: "LOAD_NO_DEFINITION", at: [{ file: `${folder.root}/modules/b/src/index.ts` }] },
      ],
    });
  });

  it("starts without a module that is not critical and cannot be loaded", async () => {
    using folder = testFolder({
      "platform.yaml": 'modules: ["modules/*"]\n',
      "modules/a/module.yaml": "name: a\nversion: 1.0.0\ncritical: false\n",
      "modules/a/src/index.ts": 'throw new Error("broken at import");\n',
    });
    const platform = await createPlatform({ root: folder.root, settings });
    const report = await platform.start();
    expect(report.failures.map(({ module, error }) => [module, error.message])).toEqual([
      ["a", 'the code of module "a" could not be loaded: broken at import'],
    ]);
    await platform.stop();
  });
});

describe("a platform of 1,000 modules in folders", () => {
  it("starts, and its report names the critical path", async () => {
    const files: Record<string, string> = { "platform.yaml": 'modules: ["modules/*"]\n' };
    for (let index = 0; index < 1_000; index += 1) {
      const needs = [index - 1, index - 7].filter((need) => need >= 0 && index % 10 !== 0);
      const dependencies = needs.map((need) => `  m${need}: ^1.0.0\n`).join("");
      files[`modules/m${index}/module.yaml`] =
        `name: m${index}\nversion: 1.0.0\n${dependencies === "" ? "" : `dependencies:\n${dependencies}`}`;
      files[`modules/m${index}/index.js`] =
        'import { defineModule } from "@plinth/module";\nexport default defineModule({ setup() {} });\n';
    }
    using folder = testFolder(files);
    const platform = await createPlatform({ root: folder.root, settings });
    const report = await platform.start();
    const { modules } = platform.status();
    expect(modules.filter(({ source, state }) => source === "directory" && state === "running")).toHaveLength(1_000);
    const path = report.criticalPath.map(({ module }) => module);
    expect(path.length).toBeGreaterThan(3);
    expect(path.at(-1)).toMatch(/^m\d+$/);
    expect((await platform.stop()).errors).toEqual([]);
  });
});
