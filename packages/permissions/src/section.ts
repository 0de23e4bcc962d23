import type { SectionSchema } from "@plinth/module";
import { z } from "zod";
import { localCodeGrammar, localCodeLimit, localCodePattern } from "./code.ts";

const localCode = z
  .string()
  .max(localCodeLimit)
  .regex(new RegExp(localCodePattern))
  .describe("The code without the module's name; in use it is <module>.<code>.");

const version = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/, "must be a version such as 1.2.0")
  .max(64);

const description = z.string().max(1000).describe("What somebody with this permission may do, as a short sentence.");

const members = {
  description: description.optional(),
  since: version.describe("The version of the module that introduced the code.").optional(),
  replacedBy: z
    .string()
    .max(256)
    .describe(
      "The code that takes this one's place: of this module, or the full code of another module. Grants follow it.",
    )
    .optional(),
  retired: z
    .union([z.boolean(), version], { error: "must be true or the version that retired the code" })
    .describe("The code is no longer in use, or the version since which it is not. It stays known.")
    .optional(),
  group: z.string().max(100).describe("A heading under which people see the permission.").optional(),
};

const declaration = z.strictObject(members, {
  error: (issue) =>
    issue.code === "invalid_type"
      ? `must be a description, or an object with ${Object.keys(members).join(", ")}`
      : undefined,
});

/** One permission as the manifest declares it. */
export type PermissionDeclaration = z.output<typeof declaration>;

/** The manifest's section `permissions`, after validation: declarations by local code, in the order of the file. */
export type PermissionsSection = Readonly<Record<string, PermissionDeclaration>>;

function mapOf<Declaration extends z.ZodType>(declared: Declaration) {
  return z
    .record(localCode, declared, {
      error: (issue) =>
        issue.code === "invalid_key" ? `is not a permission code: write ${localCodeGrammar}` : undefined,
    })
    .describe("The permissions that this module knows, by code.");
}

const validated = mapOf(
  z.preprocess((value) => (typeof value === "string" ? { description: value } : value), declaration),
);
const written = mapOf(z.union([description, declaration]));

/**
 * The schema of the section. A declaration may be only its description; validation turns it into
 * the long form, so that complaints point at the key inside it and readers meet one form.
 */
export const permissionsSection: SectionSchema<PermissionsSection> = {
  "~standard": {
    version: 1,
    vendor: "plinth",
    validate: (value) => validated["~standard"].validate(value),
    jsonSchema: written["~standard"].jsonSchema,
  },
};
