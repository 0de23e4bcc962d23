import * as z from "zod";
import { ok, place, problems, text } from "./common.ts";
import { defineOutput } from "./define.ts";

export const permissionsList = defineOutput("what modules declare, in the order of modules and manifests", {
  permissions: z.array(
    z.strictObject({
      code: z.string().describe("full, as grants and checks name it"),
      module: z.string(),
      description: text,
      group: text,
      since: text,
      replacedBy: text.describe("the full code of the successor"),
      current: z.string().describe("the code that decides in its place; its own where nothing has replaced it"),
      retired: z.union([z.boolean(), z.string()]).describe("true, or the version that retired it; else false"),
      expired: z.boolean().describe("whether the major version that retired it is over, so that checks are refused"),
      at: place.nullable().describe("the declaration; null for one that is part of the code"),
    }),
  ),
});

export const permissionsCheck = defineOutput("whether code and manifests agree", {
  ok,
  problems,
  deprecated: z
    .array(z.strictObject({ code: z.string(), current: z.string(), at: place }))
    .describe("uses of codes that are replaced or retired and still work"),
  computed: z.array(place).describe("uses that only running the code would tell"),
  files: z.int().describe("how many were read"),
  uses: z.int().describe("how many were found"),
});

export const permissionsMatrix = defineOutput("roles by permissions", {
  roles: z.array(z.string()),
  permissions: z.array(
    z.strictObject({
      code: z.string(),
      module: z.string(),
      group: text,
      description: text,
      roles: z.record(z.string(), z.enum(["allow", "deny"])).describe("without the roles that say nothing about it"),
    }),
  ),
  unused: z
    .array(z.strictObject({ role: z.string(), pattern: z.string() }))
    .describe("patterns that fit none of the permissions"),
});

export const permissionsDiff = defineOutput("what has changed since a commit", {
  ref: z.string().describe("the commit, as it was named"),
  ok,
  added: z.array(z.strictObject({ code: z.string(), module: z.string(), description: text, since: text })),
  renamed: z.array(z.strictObject({ code: z.string(), to: z.string() })),
  retired: z.array(z.strictObject({ code: z.string(), since: text })),
  removed: z.array(
    z.strictObject({
      code: z.string(),
      successor: text.describe("the code that grants had followed, where that is still there"),
      wasDue: z.boolean().describe("whether it had been retired, and its time is over by now"),
    }),
  ),
  problems,
});
