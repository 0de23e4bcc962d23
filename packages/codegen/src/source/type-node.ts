/** A type as the generator puts it together, before it is laid out. */
export type TypeNode =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "union" | "intersection"; readonly of: readonly TypeNode[] }
  | { readonly kind: "array"; readonly item: TypeNode }
  | { readonly kind: "record"; readonly value: TypeNode }
  | { readonly kind: "object"; readonly members: readonly Member[] };

/** A property of an object type, or with `name: undefined` its index signature. */
export interface Member {
  readonly name: string | undefined;
  readonly optional: boolean;
  readonly type: TypeNode;
  /** Paragraphs of inert prose. */
  readonly doc: readonly string[];
  readonly deprecated: boolean;
}

export const unknownType: TypeNode = { kind: "plain", text: "unknown" };
export const neverType: TypeNode = { kind: "plain", text: "never" };

/** A type of one word or one literal. */
export function plainType(text: string): TypeNode {
  return { kind: "plain", text };
}

/** The values of any of the types. */
export function unionOf(types: readonly TypeNode[]): TypeNode {
  if (types.some(isUnknown)) return unknownType;
  return combine("union", types, neverType);
}

/** The values of all of the types. */
export function intersectionOf(types: readonly TypeNode[]): TypeNode {
  const [never] = types.filter(isNever);
  return (
    never ??
    combine(
      "intersection",
      types.filter((type) => !isUnknown(type)),
      unknownType,
    )
  );
}

export function isUnknown(type: TypeNode): boolean {
  return type.kind === "plain" && type.text === "unknown";
}

function isNever(type: TypeNode): boolean {
  return type.kind === "plain" && type.text === "never";
}

function combine(kind: "union" | "intersection", types: readonly TypeNode[], none: TypeNode): TypeNode {
  const flat = types.flatMap((type) => (type.kind === kind ? type.of : [type]));
  const seen = new Map(flat.filter((type) => type !== none).map((type) => [JSON.stringify(type), type]));
  const [first, ...others] = seen.values();
  if (first === undefined) return none;
  return others.length === 0 ? first : { kind, of: [first, ...others] };
}
