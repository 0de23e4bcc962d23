import { join } from "node:path";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../host.fixture.ts";
import { openDatabase } from "../open-database.ts";
import { settingsOf } from "../settings.ts";
import { scanStatements } from "./sql-statements.ts";

const textsOf = (sql: string) => scanStatements(sql).statements?.map(({ start, end }) => sql.slice(start, end));

describe("cutting SQL into statements", () => {
  it.each([
    ["two statements", "select 1; select 2", ["select 1", "select 2"]],
    ["empty statements and blanks", " ;; select 1 ;\n; ", ["select 1"]],
    ["no statement at all", "-- nothing\n/* here */ ;", []],
    ["a comment before a statement is not part of it", "-- one; two\nselect 1", ["select 1"]],
    ["comments inside comments", "select /* a /* ; */ ; */ 1; select 2", ["select /* a /* ; */ ; */ 1", "select 2"]],
    ["quotes", "select 'a;''b;' ; select \"x;\"\"y\"", ["select 'a;''b;'", 'select "x;""y"']],
    ["backslashes count only after E", "select 'a\\'; select E'b\\';c'", ["select 'a\\'", "select E'b\\';c'"]],
    ["an E that ends a word is no prefix", "select type'a\\'; select 2", ["select type'a\\'", "select 2"]],
    ["dollar quotes", "do $$ begin; end; $$; select $a$ ; $$ ; $a$", ["do $$ begin; end; $$", "select $a$ ; $$ ; $a$"]],
    ["a dollar inside a name begins no quote", "select a$b$c; select 1", ["select a$b$c", "select 1"]],
    ["parameters", "select $1; select $2", ["select $1", "select $2"]],
    [
      "rules hold statements in parentheses",
      "create rule r as on insert to t do (delete from a; delete from b); select 1",
      ["create rule r as on insert to t do (delete from a; delete from b)", "select 1"],
    ],
    [
      "bodies of SQL functions",
      "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
      [
        "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end",
        "select 3",
      ],
    ],
    [
      "a parameter that is called begin",
      "create function f(begin int) returns int language sql as 'select 1'; select 2",
      ["create function f(begin int) returns int language sql as 'select 1'", "select 2"],
    ],
  ])("%s", (_, sql, expected) => {
    expect(textsOf(sql)).toEqual(expected);
  });

  it.each([
    ["select 'a", "a text in quotes", 7],
    ["select E'a\\'", "a text in quotes", 8],
    ['select "a', "a name in quotes", 7],
    ["select $tag$ a", "a text in $tag$", 7],
    ["select 1 /* a", "a comment", 9],
  ])("says what does not end: %s", (sql, what, offset) => {
    expect(scanStatements(sql).unterminated).toEqual({ what, offset });
  });

  it("knows the first words of each statement, without those in quotes", () => {
    expect(scanStatements('Create "Table" x (id INT); COMMIT').statements?.map(({ words }) => words)).toEqual([
      ["create", "x", "id", "int"],
      ["commit"],
    ]);
  });

  it("takes time in proportion to the text, even when a quote does not end", () => {
    const sql = `select '${"''".repeat(200_000)}`;
    expect(scanStatements(sql).unterminated?.offset).toBe(7);
  });
});

describe("beside PostgreSQL's own parser", async () => {
  const folder = temporaryFolder();
  const dataDir = join(folder.path, "database");
  await newDatabaseFolder(dataDir);
  const pool = await openDatabase(settingsOf({ dataDir }));
  const connection = await pool.acquire({ name: "test", schema: "public" });
  afterAll(async () => {
    connection.release();
    await pool.close();
    folder[Symbol.dispose]();
  });

  const pieces = [
    "select 1",
    "select ';'",
    "select 'it''s; '",
    "select E'\\';\\\\'",
    'select 1 as "a;b"',
    "select $$;$$",
    "select $x$ $$;$$ $x$",
    "select (1)",
    "select 1 -- ;\n",
    "/* ; /* ; */ */ select 1",
    "do $$ begin perform 1; end $$",
    "select case when true then 1 end",
    "select U&'\\0041;'",
    "select 1e5::text || 'end;'",
    "select '{\"a\": 1}'::jsonb #> '{a}'",
    "create or replace function pg_temp.f() returns int begin atomic select 1; select case when true then 2 end; end",
    "create or replace function pg_temp.g(begin int) returns int language sql as 'select 1; select 2'",
    "",
    "  ",
    "-- only a comment;\n",
  ];

  it("finds as many statements (200 texts, seed 20261122)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }), async (chosen) => {
        const sql = chosen.join(";");
        const found = scanStatements(sql).statements?.length;
        const results = await connection.script(sql);
        const run = results.filter(({ command }) => command !== "").length;
        expect(found).toBe(run);
      }),
      { numRuns: 200, seed: 20261122 },
    );
  });
});
