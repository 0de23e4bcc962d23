import { expect, it } from "vitest";
import { findTransactionControl } from "./transaction-control.ts";

it.each([
  "commit",
  "COMMIT AND CHAIN",
  "begin",
  "BEGIN ISOLATION LEVEL SERIALIZABLE",
  "start transaction",
  "rollback",
  "rollback work",
  "abort",
  "end",
  "prepare transaction 'x'",
  "commit prepared 'x'",
  "create table a (id int); /* now */ commit; create table b (id int)",
  "create function f() returns int begin atomic select 1; end; commit",
])("finds the end or the beginning of a transaction: %s", (sql) => {
  expect(findTransactionControl(sql)).toBeDefined();
});

it.each([
  "select 'commit'",
  "-- commit;\nselect 1",
  "comment on table a is 'begin; commit'",
  "do $$ begin perform 1; end $$",
  "create function f() returns int begin atomic select 1; end",
  "savepoint a; rollback to a; rollback work to savepoint a; rollback transaction to a; release a",
  'create table "commit" (id int)',
  "select case when true then 1 end",
  "prepare p as select 1",
  "start",
])("lets pass what is none: %s", (sql) => {
  expect(findTransactionControl(sql)).toBeUndefined();
});
