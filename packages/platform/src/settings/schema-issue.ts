import type { JsonSchema } from "./json-schema.ts";

/** One way in which a value breaks its schema. */
export interface SchemaIssue {
  /** `unknown`: a key that may not be there. `missing`: one that must. `invalid`: a value of the wrong kind. */
  readonly kind: "unknown" | "missing" | "invalid";
  /** From the value that was checked; ends in the key that is meant. */
  readonly path: readonly string[];
  /** What is there; `undefined` where something is missing. */
  readonly value: unknown;
  /** The subschema that was broken. */
  readonly schema: JsonSchema;
  /** The keyword of the subschema that was broken. */
  readonly keyword: string;
}
