import * as z from "zod";

const version = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/, "must be a version such as 1.2.0")
  .max(64);

/** A description alone stands for a declaration that has nothing else. */
export const description = z
  .string()
  .max(1000)
  .describe("What somebody with this permission may do, as a short sentence.");

/** A heading under which people see permissions. */
export const groupLabel = z.string().min(1).max(100).describe("A heading under which people see the permission.");

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
    .describe(
      "The code is no longer in use, or the version since which it is not. It works to the end of that major version.",
    )
    .optional(),
  group: groupLabel.optional(),
};

/** The keys of a declaration. */
export const memberNames: readonly string[] = Object.keys(members);

/** What a manifest may say of one permission. */
export const declarationSchema = z.strictObject(members, {
  error: (issue) =>
    issue.code === "invalid_type" ? `must be a description, or an object with ${memberNames.join(", ")}` : undefined,
});

/** One permission as the manifest declares it. */
export interface PermissionDeclaration extends z.output<typeof declarationSchema> {
  /** The keys that lead to it, where it stands in nested groups. */
  readonly path?: readonly string[];
  /** The ways to further declarations of the same code in the same manifest; the platform's check refuses them. */
  readonly twins?: readonly (readonly string[])[];
}
