/** The part of JSON Schema that the shapes of outputs are written in. */
export interface SchemaPart {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaPart>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaPart[];
  readonly oneOf?: readonly SchemaPart[];
  readonly items?: SchemaPart;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaPart | boolean;
}

/** A schema in the notation of TypeScript, with descriptions as comments. */
export function notationOf(part: SchemaPart, indent = ""): string {
  const { $ref, type, properties, items, additionalProperties } = part;
  if ($ref !== undefined) return $ref.split("/").at(-1) ?? "";
  if (part.const !== undefined) return JSON.stringify(part.const);
  if (part.enum !== undefined) return part.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = part.anyOf ?? part.oneOf;
  if (choices !== undefined) return choicesIn(choices, indent);
  if (items !== undefined) {
    const inner = notationOf(items, indent);
    return /^[A-Za-z]+$/.test(inner) || inner.startsWith("{") ? `${inner}[]` : `(${inner})[]`;
  }
  if (properties !== undefined) return objectOf(properties, new Set(part.required), indent);
  if (typeof additionalProperties === "object") return `{ [key: string]: ${notationOf(additionalProperties, indent)} }`;
  if (type === undefined) return "unknown";
  return [type]
    .flat()
    .map((one) => (one === "integer" ? "number" : one))
    .join(" | ");
}

function choicesIn(choices: readonly SchemaPart[], indent: string): string {
  if (choices.length < 3) return choices.map((choice) => notationOf(choice, indent)).join(" | ");
  return choices.map((choice) => `\n${indent}  | ${notationOf(choice, `${indent}  `)}`).join("");
}

function objectOf(
  properties: Readonly<Record<string, SchemaPart>>,
  required: ReadonlySet<string>,
  indent: string,
): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([key, part]) => ({
    text: `${key}${required.has(key) ? "" : "?"}: ${notationOf(part, inner)};`,
    // What a shared part is, it says at its own place.
    comment: part.$ref === undefined ? part.description : undefined,
  }));
  const short = `{ ${fields.map(({ text }) => text.slice(0, -1)).join("; ")} }`;
  const isShort = fields.every(({ text, comment }) => comment === undefined && !text.includes("\n"));
  if (isShort && short.length < 80 - indent.length) return short;
  const lines = fields.map(({ text, comment }) =>
    comment === undefined ? `${inner}${text}\n` : `${inner}/** ${comment} */\n${inner}${text}\n`,
  );
  return `{\n${lines.join("")}${indent}}`;
}

/** The parts that several of the schemas refer to, by name. */
export function sharedParts(
  schemas: readonly SchemaPart[],
): readonly { readonly name: string; readonly part: SchemaPart }[] {
  const parts = new Map(schemas.flatMap(({ $defs = {} }) => Object.entries($defs)));
  return [...parts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, part]) => ({ name, part }));
}
