import * as z from "zod";
import { text } from "./common.ts";
import { defineOutput } from "./define.ts";

const files = z.array(z.string()).describe("absolute");

export const modulesNew = defineOutput("the module that was written", {
  module: z.string(),
  folder: z.string().describe("absolute"),
  files: z.array(z.string()).describe("absolute: those of the module first, then what has changed besides"),
  package: text.describe("the name of its package; null where the platform's modules are no packages"),
});

export const modulesRename = defineOutput("what was renamed, or would be", {
  module: z.string().describe("its new name"),
  from: z.string().describe("its old name"),
  dryRun: z.boolean(),
  moved: z.array(z.strictObject({ from: z.string(), to: z.string() })).describe("folders, absolute"),
  changed: files.describe("absolute, where they were before the renaming"),
  todo: z.array(z.string()).describe("what is left to do by hand"),
});

export const modulesRemove = defineOutput("what was removed, or would be", {
  module: z.string(),
  dryRun: z.boolean(),
  removed: z.string().describe("the module's folder, absolute"),
  changed: files,
  todo: z.array(z.string()).describe("what is left to do by hand"),
});

export const init = defineOutput("the platform that was written", {
  name: z.string(),
  folder: z.string().describe("absolute"),
  files,
  installed: z.boolean().describe("whether its packages have been installed"),
});
