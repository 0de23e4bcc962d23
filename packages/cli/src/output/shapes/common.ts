import * as z from "zod";

/** Parts that several outputs share. `id` is the name that docs/cli-json.md gives them. */

export const place = z
  .strictObject({
    file: z.string().describe("absolute"),
    line: z.int().min(1).optional(),
    column: z.int().min(1).optional(),
  })
  .meta({ id: "Place", description: "a place in a file; lines and columns count from 1" });

export const problem = z
  .strictObject({
    code: z.string().describe("stable; platformctl errors CODE explains it"),
    message: z.string(),
    fix: z.string().describe("what to do"),
    at: z.array(place).describe("the most telling place first; empty where no file is concerned"),
  })
  .meta({ id: "Problem", description: "something that is wrong" });

export const dependency = z
  .strictObject({
    name: z.string(),
    range: z.string().describe("the versions asked for"),
    optional: z.boolean(),
  })
  .meta({ id: "Dependency", description: "a dependency between modules, seen from one of them" });

export const origin = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("default"), at: place.optional() }),
    z.strictObject({ kind: z.literal("code") }),
    z.strictObject({ kind: z.literal("file"), at: place }),
    z.strictObject({ kind: z.literal("environment"), variable: z.string() }),
    z.strictObject({ kind: z.literal("flag"), flag: z.string() }),
  ])
  .meta({ id: "Origin", description: "where the value of a setting comes from" });

export const setting = z
  .strictObject({
    setting: z.string().describe("as in http.port"),
    value: z.unknown().describe("in effect; secrets and passwords in addresses are masked"),
    origin,
  })
  .meta({ id: "Setting", description: "a setting" });

export const source = z
  .enum(["platform", "static", "directory", "plugin"])
  .describe("where the module comes from; platform: it belongs to the platform itself");

export const ok = z.boolean().describe("whether nothing is wrong");

export const problems = z.array(problem);

/** `null` where nobody said. */
export const text = z.string().nullable();
