import { defineModule, type ModuleDefinition, type ModuleFacts, service } from "@plinth/module";
import { expect, test } from "vitest";
import { Database } from "../database.ts";
import { factsOf, temporaryFolder, toyFacts } from "../host.fixture.ts";
import { collectMigrations } from "./collect.ts";

const Grants = service<object>("grants.grants");

/** What an extension is told of a module of the platform, or of somebody's module, with this code. */
function facts(
  name: string,
  source: ModuleFacts["source"],
  definition: ModuleDefinition = defineModule({}),
): ModuleFacts<string> {
  return { ...factsOf(name, {}, `/app/${name}`), source, definition };
}

const usesDatabase = defineModule({ requires: { db: Database } });
const usesGrants = defineModule({ requires: { grants: Grants } });
const schemasOf = (...modules: ModuleFacts<string>[]) => collectMigrations(modules).modules.map(({ schema }) => schema);

test("a module of the platform uses the database only when somebody uses its services, also through another", () => {
  const database = facts("database", "platform");
  const grants = facts("grants", "platform", usesDatabase);
  const other = facts("other", "platform", usesGrants);
  expect(schemasOf(database, grants)).toEqual([]);
  expect(schemasOf(database, grants, other, facts("app", "directory"))).toEqual([]);
  expect(schemasOf(database, grants, facts("app", "directory", usesDatabase))).toEqual([undefined, undefined, "app"]);
  expect(schemasOf(database, grants, facts("app", "directory", usesGrants))).toEqual([undefined, "grants", undefined]);
  const usesOther = defineModule({ requires: { other: service<object>("other.other") } });
  expect(schemasOf(grants, other, facts("app", "static", usesOther))).toEqual(["grants", undefined, undefined]);
});

test("migrations of a module of the platform are read from its folder, when it is used", () => {
  using folder = temporaryFolder();
  const [toy] = toyFacts(folder.path, { grants: { migrations: { "0001_first.sql": "select 1;" } } });
  const grants: ModuleFacts<string> = { ...(toy as ModuleFacts<string>), source: "platform" };
  const files = (...modules: ModuleFacts<string>[]) =>
    collectMigrations(modules).modules.flatMap((module) => module.files.map(({ name }) => name));
  expect(files(grants, facts("app", "static", usesDatabase))).toEqual([]);
  expect(files(grants, facts("app", "static", usesGrants))).toEqual(["0001_first.sql"]);
});
