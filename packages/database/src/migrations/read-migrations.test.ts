import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModuleFiles } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { said } from "../databases.fixture.ts";
import { temporaryFolder, writeFiles } from "../host.fixture.ts";
import { type FoundMigrations, readMigrations } from "./read-migrations.ts";
import { migrationsSection } from "./section.ts";

function read(root: string, files: Readonly<Record<string, string>>): FoundMigrations {
  writeFiles(join(root, "migrations"), files);
  return readMigrations({ module: "tickets", root, folder: "./migrations", manifest: join(root, "module.yaml") });
}

const where = (root: string, { problems }: FoundMigrations) =>
  problems.map(({ at }) =>
    at.map(({ file, line, column }) => [file.slice(root.length + 1), line, column].filter((part) => part).join(":")),
  );

describe("reading migrations", () => {
  it("gives the files in the order of their numbers, and passes over notes and compiled types", () => {
    using folder = temporaryFolder();
    const { files, problems } = read(folder.path, {
      "0002_close_tickets.ts": "export default async () => {};",
      "0001_create_tickets.sql": "create table tickets (id int);",
      "0003_index.sql": "-- plinth: no-transaction\ncreate index concurrently i on tickets (id);",
      "0004_again.sql": "-- plinth:  no-transaction repeatable \nvacuum;",
      "README.md": "How these came to be.",
      "0002_close_tickets.d.ts": "",
      ".DS_Store": "",
    });
    expect(problems).toEqual([]);
    expect(files.map(({ number, name, mode, sql }) => [number, name, mode, sql !== undefined])).toEqual([
      [1, "0001_create_tickets.sql", "transaction", true],
      [2, "0002_close_tickets.ts", "transaction", false],
      [3, "0003_index.sql", "bare", true],
      [4, "0004_again.sql", "repeatable", true],
    ]);
  });

  it("gives a text the same checksum on every system", () => {
    using folder = temporaryFolder();
    const { files } = read(folder.path, {
      "0001_a.sql": "select 1;\nselect 2;\n",
      "0002_b.sql": "\uFEFFselect 1;\r\nselect 2;\r\n",
      "0003_c.sql": "select 1;\nselect 2;",
    });
    const [one, two, three] = files.map(({ checksum }) => checksum);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(two).toBe(one);
    expect(three).not.toBe(one);
  });

  it("reports everything that is wrong, each with its file", () => {
    using folder = temporaryFolder();
    const found = read(folder.path, {
      "0001_a.sql": "select 1;",
      "0001_b.sql": "select 1;",
      "0002_c.sql": "create table c (id int);\n  COMMIT WORK;\nselect 1;",
      "0004_d.sql": "select 'open;\n",
      "0005_e.sql": "-- later\n",
      "0006_f.sql": "-- plinth: no-transactoin\nselect 1;",
      "7_g.sql": "select 1;",
      "0008_Big.sql": "select 1;",
      "old/0001_x.sql": "select 1;",
    });
    expect(found.problems.map(said)).toEqual([
      'MIGRATIONS_TRANSACTION_CONTROL: migration 0002_c.sql of module "tickets" holds the statement COMMIT WORK',
      'MIGRATIONS_UNTERMINATED: migration 0004_d.sql of module "tickets" has a text in quotes that does not end',
      'MIGRATIONS_EMPTY: migration 0005_e.sql of module "tickets" holds no statement',
      'MIGRATIONS_DIRECTIVE: migration 0006_f.sql of module "tickets" begins with "-- plinth: no-transactoin", which means nothing',
      'MIGRATIONS_BAD_NAME: "0008_Big.sql" in the migrations of module "tickets" is not named like a migration',
      'MIGRATIONS_BAD_NAME: "7_g.sql" in the migrations of module "tickets" is not named like a migration',
      'MIGRATIONS_BAD_NAME: "old" in the migrations of module "tickets" is not named like a migration',
      'MIGRATIONS_DUPLICATE: module "tickets" has two migrations with the number 1: 0001_a.sql and 0001_b.sql',
      'MIGRATIONS_GAP: module "tickets" has no migration with the number 3, but 0004_d.sql',
    ]);
    expect(where(folder.path, found)).toEqual([
      ["migrations/0002_c.sql:2:3"],
      ["migrations/0004_d.sql:1:8"],
      ["migrations/0005_e.sql"],
      ["migrations/0006_f.sql:1:1"],
      ["migrations/0008_Big.sql"],
      ["migrations/7_g.sql"],
      ["migrations/old"],
      ["migrations/0001_a.sql", "migrations/0001_b.sql"],
      ["migrations/0004_d.sql"],
    ]);
  });

  it("refuses a transaction's end in a file without a transaction too", () => {
    using folder = temporaryFolder();
    const { problems } = read(folder.path, { "0001_a.sql": "-- plinth: no-transaction\nbegin; select 1; commit;" });
    expect(problems.map(({ code }) => code)).toEqual(["MIGRATIONS_TRANSACTION_CONTROL"]);
  });

  it("names the manifest when the folder is missing", () => {
    using folder = temporaryFolder();
    const found = readMigrations({
      module: "tickets",
      root: folder.path,
      folder: "./migrations",
      manifest: join(folder.path, "module.yaml"),
    });
    expect(found.problems.map(said)).toEqual([
      'MIGRATIONS_FOLDER_MISSING: the migrations folder "./migrations" of module "tickets" does not exist',
    ]);
    expect(where(folder.path, found)).toEqual([["module.yaml"]]);
  });

  it("refuses text that is not UTF-8", () => {
    using folder = temporaryFolder();
    writeFiles(folder.path, { "migrations/0002_b.sql": "select 1" });
    writeFileSync(join(folder.path, "migrations", "0001_a.sql"), Buffer.from([0x73, 0xff, 0xfe]));
    const { problems } = read(folder.path, {});
    expect(problems.map(({ code }) => code)).toEqual(["MIGRATIONS_UNREADABLE"]);
  });

  it("refuses a folder and a file that are elsewhere in truth", () => {
    using elsewhere = temporaryFolder();
    writeFiles(elsewhere.path, { "0001_a.sql": "drop table users;" });
    using folder = temporaryFolder();
    symlinkSync(elsewhere.path, join(folder.path, "migrations"));
    expect(read(folder.path, {}).problems.map(({ code }) => code)).toEqual(["MIGRATIONS_OUTSIDE"]);

    using other = temporaryFolder();
    writeFiles(join(other.path, "migrations"), { "0002_b.sql": "select 1;" });
    symlinkSync(join(elsewhere.path, "0001_a.sql"), join(other.path, "migrations", "0001_a.sql"));
    expect(read(other.path, {}).problems.map(({ code }) => code)).toEqual(["MIGRATIONS_OUTSIDE"]);
  });
});

describe("the manifest's section", () => {
  it.each(["./migrations", "migrations", "db/migrations"])("accepts %s", (folder) => {
    expect(migrationsSection.safeParse(folder).success).toBe(true);
  });

  it.each(["", "/etc", "../other/migrations", "a/../../b", "C:\\x", "\\x"])("refuses %j", (folder) => {
    expect(migrationsSection.safeParse(folder).success).toBe(false);
  });

  it("can say itself as JSON Schema", () => {
    expect(migrationsSection["~standard"].jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({
      type: "string",
      minLength: 1,
    });
  });
});

describe("migrations that are part of the program", () => {
  const readEmbedded = (files: ModuleFiles, folder = "./migrations") =>
    readMigrations({ module: "tickets", root: undefined, folder, manifest: undefined, files });
  const create = "create table tickets (id int);\n";

  it("are those that the folder of the same files holds, with the same checksums", () => {
    using folder = temporaryFolder();
    const code = "export default async () => {};\n";
    const load = async () => ({ default: async () => {} });
    const inFolder = read(folder.path, { "0001_create.sql": create, "0002_code.ts": code, "README.md": "notes" });
    const embedded = readEmbedded({
      "migrations/0002_code.ts": { text: code, load },
      "migrations/0001_create.sql": { text: create },
      "migrations/README.md": { text: "notes" },
      "other/0001_create.sql": { text: create },
      "migrations/more/0003_create.sql": { text: create },
    });
    expect(embedded.problems).toEqual([]);
    expect(embedded.files).toEqual(
      inFolder.files.map((file) => ({
        ...file,
        path: `migrations/${file.name}`,
        ...(file.name.endsWith(".ts") ? { load } : {}),
      })),
    );
  });

  it.each(["migrations", "./migrations/", "./migrations"])("are found in the folder %s", (folder) => {
    expect(readEmbedded({ "migrations/0001_create.sql": { text: create } }, folder).files).toHaveLength(1);
  });

  it("are found in the module's own folder", () => {
    expect(readEmbedded({ "0001_create.sql": { text: create } }, ".").files).toHaveLength(1);
  });

  it("are checked like files in a folder", () => {
    const { problems } = readEmbedded({
      "migrations/0001_a.sql": { text: "commit;" },
      "migrations/0003_c.sql": { text: create },
    });
    expect(problems.map(({ code, at }) => [code, at[0]?.file])).toEqual([
      ["MIGRATIONS_TRANSACTION_CONTROL", "migrations/0001_a.sql"],
      ["MIGRATIONS_GAP", "migrations/0003_c.sql"],
    ]);
  });
});
