import * as z from "zod";
import { ok, problems, setting } from "./common.ts";
import { defineLines, defineOutput } from "./define.ts";

export const config = defineOutput("settings in effect", { settings: z.array(setting) });

export const errors = defineOutput("what codes mean", {
  errors: z
    .array(
      z.strictObject({
        code: z.string(),
        area: z.string(),
        message: z.string().describe("words in braces stand for what an error names"),
        fix: z.string(),
        why: z.string(),
      }),
    )
    .describe("one where a code was given, else all"),
});

export const doctor = defineOutput("what would keep the platform from running", {
  ok,
  checks: z.array(
    z.strictObject({
      name: z.string(),
      status: z
        .enum(["ok", "problem", "skipped"])
        .describe("skipped: it could not be looked at, or there is nothing to see"),
      message: z.string(),
      problems,
    }),
  ),
});

const file = z.string().describe("absolute");

export const generate = defineOutput("which generated files there are, and what became of them", {
  ok,
  files: z.array(z.strictObject({ file, status: z.enum(["written", "unchanged", "stale"]) })),
  problems,
});

export const generateWatch = defineLines("a run that wrote or found something", {
  root: z.string().describe("the folder of the platform or the module, absolute"),
  ok,
  files: z
    .array(z.strictObject({ file, status: z.enum(["written", "stale"]) }))
    .describe("without those that are unchanged"),
  problems,
});
