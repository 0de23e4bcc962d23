import { expect, it } from "vitest";
import { changesSettings, setSearchPath } from "./search-path.ts";

it("writes names so that any can be a schema", () => {
  expect(setSearchPath('or"der')).toBe('set search_path to "or""der", public');
});

it.each([
  "set work_mem to '1MB'",
  "SET ROLE admin",
  "reset all",
  "discard all",
  "select 1; set role x",
  "select set_config('a.b', 'c', false)",
])("notices what lasts: %s", (sql) => {
  expect(changesSettings(sql)).toBe(true);
});

it.each([
  "set local work_mem to '1MB'",
  "begin;set local search_path to x;update t set a = 1",
  "set transaction isolation level serializable",
  "set constraints all deferred",
  "update t set a = 1",
  "select 'set' as settings",
])("lets pass what does not: %s", (sql) => {
  expect(changesSettings(sql)).toBe(false);
});
