import * as z from "zod";

/** The manifest section `migrations`: the folder of the migrations, relative to the module's own. */
export const migrationsSection = z
  .string()
  .min(1, "name the folder, for example ./migrations")
  .refine((folder) => !/^([/\\]|[A-Za-z]:)/.test(folder), "must be relative to the module's folder")
  .refine((folder) => !folder.split(/[/\\]/).includes(".."), "must stay inside the module's folder")
  .describe("Folder of the module's migrations, relative to its manifest.");
