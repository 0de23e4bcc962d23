import { type Node, parseSync, type Statement } from "oxc-parser";

/** A declaration at the top of a source. */
export interface FoundDeclaration {
  /** `import <from>`, `type <name>` or `const <name>`; anything else by its kind of node. */
  readonly kind: string;
  /** The value of a constant, or the type. */
  readonly node: Node | undefined;
}

/** All that stands at the top of a source, in order. Throws where it is no TypeScript. */
export function declarationsIn(source: string): FoundDeclaration[] {
  return parse(source).program.body.map(declarationOf);
}

/** The texts of all comments, without the marks that begin and end them. */
export function commentsIn(source: string): string[] {
  return parse(source).comments.map(({ value }) => value);
}

function parse(source: string) {
  const parsed = parseSync("generated.ts", source, { sourceType: "module" });
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${error.message}\n${source}`);
  return parsed;
}

function declarationOf(statement: Statement): FoundDeclaration {
  if (statement.type === "ImportDeclaration" && statement.importKind === "type") {
    return { kind: `import ${statement.source.value}`, node: undefined };
  }
  if (statement.type !== "ExportNamedDeclaration") return { kind: statement.type, node: statement };
  const { declaration } = statement;
  switch (declaration?.type) {
    case "TSInterfaceDeclaration":
      return { kind: `type ${declaration.id.name}`, node: declaration.body };
    case "TSTypeAliasDeclaration":
      return { kind: `type ${declaration.id.name}`, node: declaration.typeAnnotation };
    case "VariableDeclaration": {
      const [first] = declaration.declarations;
      const isOne = declaration.declarations.length === 1 && declaration.kind === "const";
      if (isOne && first?.id.type === "Identifier")
        return { kind: `const ${first.id.name}`, node: first.init ?? undefined };
    }
  }
  return { kind: declaration?.type ?? statement.type, node: statement };
}

/** What a literal means; throws for anything that is more than data. */
export function dataOf(node: Node | undefined): unknown {
  switch (node?.type) {
    case "TSAsExpression":
      return dataOf(node.expression);
    case "Literal":
      return node.value;
    case "UnaryExpression":
      if (node.operator === "-") return -(dataOf(node.argument) as number);
      break;
    case "ArrayExpression":
      return node.elements.map((element) => dataOf(element ?? undefined));
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.map((property) => {
          if (property.type !== "Property" || property.kind !== "init") throw new Error(property.type);
          if (property.computed || property.shorthand || property.method) throw new Error("more than a key");
          const { key } = property;
          return [key.type === "Identifier" ? key.name : String(dataOf(key)), dataOf(property.value)];
        }),
      );
  }
  throw new Error(`${node?.type} is no data`);
}

/** The kinds of all nodes that a type consists of. */
export function kindsInType(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(kindsInType);
  if (typeof node !== "object" || node === null) return [];
  const kind = "type" in node && typeof node.type === "string" ? [node.type] : [];
  return [...kind, ...Object.values(node).flatMap(kindsInType)];
}
