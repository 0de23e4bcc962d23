import * as z from "zod";
import { ok, problems, text } from "./common.ts";
import { defineOutput } from "./define.ts";

const database = z.string().describe("its address without the password, or its folder");

export const migrationsStatus = defineOutput("what is applied and what is pending", {
  database,
  modules: z.array(
    z.strictObject({
      module: z.string(),
      applied: z.array(
        z.strictObject({
          number: z.int(),
          name: z.string(),
          appliedAt: z.iso.datetime(),
          durationMs: z.number().nullable(),
          status: z.enum(["applied", "running"]).describe("running: begun, and not ended"),
        }),
      ),
      pending: z.array(z.string()).describe("files, in the order in which they run"),
      problems,
    }),
  ),
  unknown: z.array(z.string()).describe("modules in the database that the platform does not have any more"),
});

export const migrationsPlan = defineOutput("what would be run now, in its order", {
  database,
  migrations: z.array(
    z.strictObject({
      module: z.string(),
      name: z.string(),
      path: z.string().describe("absolute"),
      mode: z.enum(["transaction", "bare", "repeatable"]).describe("bare: without a transaction"),
      sql: text.describe("null for a migration in code"),
    }),
  ),
});

export const migrationsVerify = defineOutput("whether files and database agree", {
  ok,
  applied: z.int().describe("how many are applied"),
  pending: z.int().describe("how many are pending"),
  problems,
});

export const migrationsApply = defineOutput("what was applied, and what went wrong", {
  ok,
  database,
  modules: z
    .array(z.strictObject({ module: z.string(), applied: z.array(z.string()).describe("files"), problems }))
    .describe("those for which something was pending or went wrong"),
});

export const migrationsNew = defineOutput("the migration that was written", {
  module: z.string(),
  number: z.int(),
  file: z.string().describe("absolute"),
});
