import type { SectionSchema } from "@plinth/module";
import * as z from "zod";
import { localCodeLimit, localCodePattern } from "./code.ts";
import { declarationSchema, description, groupLabel, type PermissionDeclaration } from "./declaration.ts";
import { flatten } from "./flatten.ts";

/** The manifest's section `permissions`, after validation: declarations by local code, in the order of the file. */
export type PermissionsSection = Readonly<Record<string, PermissionDeclaration>>;

const localCode = z
  .string()
  .max(localCodeLimit)
  .regex(new RegExp(localCodePattern))
  .describe("The code without the module's name; in use it is <module>.<code>.");

const group: z.ZodType = z
  .object({ group: groupLabel.optional() })
  .catchall(z.lazy(() => written))
  .describe("A nested group: its keys are the further parts of the codes.");
const written: z.ZodType = z.union([description, declarationSchema, group]).meta({ id: "permission" });
const section = z.record(localCode, written).describe("The permissions that this module knows, by code.");

/**
 * The schema of the section. A declaration may be only its description, and codes may be nested in
 * groups; validation turns both into the long form, so that complaints point at the key that is
 * wrong and readers meet one form.
 */
export const permissionsSection: SectionSchema<PermissionsSection> = {
  "~standard": {
    version: 1,
    vendor: "plinth",
    validate: flatten,
    jsonSchema: section["~standard"].jsonSchema,
  },
};
