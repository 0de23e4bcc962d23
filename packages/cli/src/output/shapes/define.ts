import * as z from "zod";
import { jsonVersion } from "../json-version.ts";

/** What a command prints with `--json`. Nothing here is loaded while a command runs. */
export interface OutputShape<Fields extends z.ZodRawShape = z.ZodRawShape> {
  /** One sentence, without a full stop. */
  readonly description: string;
  /** Whether the command prints such an object in a line of its own, again and again, instead of one. */
  readonly lines: boolean;
  /** Strict: a key that is not described is a mistake. */
  readonly schema: z.ZodObject<Fields & { version: z.ZodLiteral<typeof jsonVersion> }, z.core.$strict>;
}

/** Describes the one object that a command prints. */
export function defineOutput<const Fields extends z.ZodRawShape>(
  description: string,
  fields: Fields,
): OutputShape<Fields> {
  return shapeOf(description, fields, false);
}

/** Describes the objects that a command prints, a line for each (NDJSON). */
export function defineLines<const Fields extends z.ZodRawShape>(
  description: string,
  fields: Fields,
): OutputShape<Fields> {
  return shapeOf(description, fields, true);
}

/** The shape as JSON Schema (draft 2020-12), with the parts that shapes share under their names in `$defs`. */
export function jsonSchemaOf({ schema }: OutputShape): object {
  return z.toJSONSchema(schema);
}

function shapeOf<Fields extends z.ZodRawShape>(description: string, fields: Fields, lines: boolean) {
  const schema = z.strictObject({ version: z.literal(jsonVersion), ...fields });
  // The keys of a spread of a type parameter are not known to the compiler.
  return { description, lines, schema: schema as unknown as OutputShape<Fields>["schema"] };
}
