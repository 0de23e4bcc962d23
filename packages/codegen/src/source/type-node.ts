/** A type as the generator puts it together, before it is laid out. */
export type TypeNode = PlainType | UnionType | ArrayType | ObjectType;

/** A type of one word or one literal. */
export interface PlainType {
  readonly kind: "plain";
  readonly text: string;
  /** The type that a literal is one of the values of. */
  readonly base?: string;
}

export interface UnionType {
  readonly kind: "union";
  readonly of: readonly Exclude<TypeNode, UnionType>[];
}

export interface ArrayType {
  readonly kind: "array";
  readonly item: TypeNode;
}

export interface ObjectType {
  readonly kind: "object";
  readonly members: readonly Member[];
  /** The type under all other keys; `undefined` where there are no others. */
  readonly index: TypeNode | undefined;
}

/** A property of an object type. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  /** Whether the schema fills it in where it is left out. */
  readonly filled: boolean;
  readonly type: TypeNode;
  /** Paragraphs of inert prose. */
  readonly doc: readonly string[];
  readonly deprecated: boolean;
}

export const unknownType: TypeNode = { kind: "plain", text: "unknown" };
export const neverType: TypeNode = { kind: "plain", text: "never" };

export function isUnknown(type: TypeNode): boolean {
  return type.kind === "plain" && type.text === "unknown";
}

export function isNever(type: TypeNode): boolean {
  return type.kind === "plain" && type.text === "never";
}

/** The values of any of the types. */
export function unionOf(types: readonly TypeNode[]): TypeNode {
  const [only] = types;
  if (types.length === 1 && only !== undefined) return only;
  if (types.some(isUnknown)) return unknownType;
  const flat = types.flatMap((type) => (type.kind === "union" ? type.of : isNever(type) ? [] : [type]));
  const whole = new Set(flat.flatMap((type) => (type.kind === "plain" && type.base === undefined ? [type.text] : [])));
  const kept = flat.filter((type) => type.kind !== "plain" || type.base === undefined || !whole.has(type.base));
  const distinct = [...new Map(kept.map((type) => [JSON.stringify(type), type])).values()];
  const [first, ...others] = distinct;
  if (first === undefined) return neverType;
  return others.length === 0 ? first : { kind: "union", of: distinct };
}

/** The most alternatives that are combined one by one. */
const alternativesLimit = 32;

/** The values of both types; where that would take too long to say, those of the first. */
export function intersectionOf(one: TypeNode, other: TypeNode): TypeNode {
  if (isUnknown(one) || isNever(other)) return other;
  if (isUnknown(other) || isNever(one)) return one;
  if (one.kind === "union" || other.kind === "union") {
    const [left, right] = [alternativesOf(one), alternativesOf(other)];
    if (left.length * right.length > alternativesLimit) return one;
    return unionOf(left.flatMap((a) => right.map((b) => intersectionOf(a, b))));
  }
  if (one.kind === "plain" && other.kind === "plain") return plainIntersection(one, other);
  if (one.kind === "array" && other.kind === "array") {
    return { kind: "array", item: intersectionOf(one.item, other.item) };
  }
  return one.kind === "object" && other.kind === "object" ? objectIntersection(one, other) : neverType;
}

function alternativesOf(type: TypeNode): readonly TypeNode[] {
  return type.kind === "union" ? type.of : [type];
}

function plainIntersection(one: PlainType, other: PlainType): TypeNode {
  if (one.text === other.text || one.base === other.text) return one;
  return other.base === one.text ? other : neverType;
}

function objectIntersection(one: ObjectType, other: ObjectType): TypeNode {
  const named = new Map(other.members.map((member) => [member.name, member]));
  const members = one.members.map((member) => {
    const twin = named.get(member.name);
    named.delete(member.name);
    return twin === undefined ? underIndex(member, other.index) : memberIntersection(member, twin);
  });
  const others = [...named.values()].map((member) => underIndex(member, one.index));
  return objectType([...members, ...others], indexIntersection(one.index, other.index));
}

function memberIntersection(one: Member, other: Member): Member {
  return {
    name: one.name,
    optional: one.optional && other.optional,
    filled: one.filled || other.filled,
    type: memberType(one, other),
    doc: [...new Set([...one.doc, ...other.doc])],
    deprecated: one.deprecated || other.deprecated,
  };
}

/** A value that is filled in is held against the schema that filled it in, but not always against the others. */
function memberType(one: Member, other: Member): TypeNode {
  if (one.filled && other.filled) return unionOf([one.type, other.type]);
  if (one.filled || other.filled) return one.filled ? one.type : other.type;
  return intersectionOf(one.type, other.type);
}

/** What one type says of all keys holds for those that only the other names. */
function underIndex(member: Member, index: TypeNode | undefined): Member {
  return index === undefined || member.filled ? member : { ...member, type: intersectionOf(member.type, index) };
}

/** A type without other keys says nothing of them, as the schemas of one value close it together. */
function indexIntersection(one: TypeNode | undefined, other: TypeNode | undefined): TypeNode | undefined {
  return one === undefined || other === undefined ? (one ?? other) : intersectionOf(one, other);
}

/** An object type; beside named properties all that can be said of others in a type is that they are unknown. */
export function objectType(members: readonly Member[], index: TypeNode | undefined): ObjectType {
  return { kind: "object", members, index: index === undefined || members.length === 0 ? index : unknownType };
}
