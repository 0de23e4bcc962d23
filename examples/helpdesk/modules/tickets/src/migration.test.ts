import { expect, test } from "vitest";
import giveReferences from "../migrations/0003_give_references.ts";
import { readReference } from "./reference.ts";

test("the migration gives old tickets references that are read like new ones", async () => {
  let given: unknown;
  const query = async (statement: string, parameters?: readonly unknown[]) => {
    if (statement.startsWith("update")) given = parameters;
    return { rows: statement.startsWith("select") ? [{ id: 7 }, { id: 8 }, { id: 9 }] : [], rowCount: 0 };
  };
  await giveReferences({ query } as unknown as Parameters<typeof giveReferences>[0]);
  const [ids, references] = given as [number[], string[]];
  expect(ids).toEqual([7, 8, 9]);
  expect(new Set(references).size).toBe(3);
  expect(references.map(readReference)).toEqual(references);
});
