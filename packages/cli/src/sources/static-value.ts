import path from "node:path";
import type { Expression } from "oxc-parser";
import { resolveImport } from "./resolve-import.ts";
import { parseSource, type SourceFile } from "./source-file.ts";

/** What an expression is known to be without running anything. */
export type StaticValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "record"; readonly entries: ReadonlyMap<string, StaticValue> }
  | { readonly kind: "constants"; readonly constants: Constants }
  | { readonly kind: "file"; readonly path: string };

/** The constants that stand for the permissions of one module. */
export interface Constants {
  /** Codes by the names of their constants. */
  readonly codes: ReadonlyMap<string, string>;
  /** What has them, for people. */
  readonly owner: string;
}

/** The constants that a file exports as `Permission`, where it is known without reading it. */
export type KnownConstants = (file: string) => Constants | undefined;

/** How many steps from name to name are followed; more are most likely a circle. */
const stepLimit = 50;

/**
 * Finds out what expressions are: texts, objects of texts written at the top of a file, and the
 * constants of permissions, through imports and other names for them.
 */
export class StaticValues {
  readonly #files = new Map<string, SourceFile | undefined>();
  readonly #knownConstants: KnownConstants;

  constructor(knownConstants: KnownConstants) {
    this.#knownConstants = knownConstants;
  }

  /** What an expression in `file` is; `undefined` when only running it would tell. */
  valueOf(expression: Expression, file: SourceFile, steps = stepLimit): StaticValue | undefined {
    if (steps === 0) return undefined;
    const value = (inner: Expression) => this.valueOf(inner, file, steps - 1);
    switch (expression.type) {
      case "Literal":
        return typeof expression.value === "string" ? { kind: "text", text: expression.value } : undefined;
      case "TemplateLiteral": {
        const text = expression.quasis[0]?.value.cooked;
        return expression.expressions.length > 0 || typeof text !== "string" ? undefined : { kind: "text", text };
      }
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "ParenthesizedExpression":
        return value(expression.expression);
      case "Identifier":
        return this.#named(expression.name, file, steps - 1);
      case "MemberExpression": {
        const name = memberName(expression);
        const object = name === undefined ? undefined : value(expression.object);
        return object && name !== undefined ? this.#member(object, name, steps - 1) : undefined;
      }
      case "ObjectExpression":
        return this.#record(expression, file, steps - 1);
      case "CallExpression": {
        const [only] = expression.arguments;
        const isFreeze =
          expression.callee.type === "MemberExpression" && memberName(expression.callee) === "freeze" && only;
        return isFreeze && only.type !== "SpreadElement" ? value(only) : undefined;
      }
      default:
        return undefined;
    }
  }

  #named(name: string, file: SourceFile, steps: number): StaticValue | undefined {
    const imported = file.imports.get(name);
    if (imported !== undefined) return this.#exported(imported.specifier, imported.name, file.path, steps);
    const constant = file.constants.get(name);
    return constant && this.valueOf(constant, file, steps);
  }

  #exported(specifier: string, name: string, from: string, steps: number): StaticValue | undefined {
    const found = resolveImport(specifier, from) ?? generatedPath(specifier, from);
    if (found === undefined) return undefined;
    return name === "*" ? { kind: "file", path: found } : this.#exportOf(found, name, steps);
  }

  #exportOf(from: string, name: string, steps: number): StaticValue | undefined {
    if (steps <= 0) return undefined;
    const constants = name === "Permission" ? this.#knownConstants(from) : undefined;
    if (constants !== undefined) return { kind: "constants", constants };
    const file = this.#file(from);
    if (file === undefined) return undefined;
    const other = file.exports.get(name);
    if (other === undefined || typeof other === "string") {
      const found = this.#named(other ?? name, file, steps - 1);
      if (found !== undefined) return found;
    } else {
      return this.#exported(other.specifier, other.name, from, steps - 1);
    }
    for (const specifier of file.exportsAllOf) {
      const found = this.#exported(specifier, name, from, steps - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #member(object: StaticValue, name: string, steps: number): StaticValue | undefined {
    if (object.kind === "record") return object.entries.get(name);
    if (object.kind === "file") return this.#exportOf(object.path, name, steps);
    const code = object.kind === "constants" ? object.constants.codes.get(name) : undefined;
    return code === undefined ? undefined : { kind: "text", text: code };
  }

  #record(
    { properties }: Extract<Expression, { type: "ObjectExpression" }>,
    file: SourceFile,
    steps: number,
  ): StaticValue {
    const entries = new Map<string, StaticValue>();
    for (const property of properties) {
      if (property.type === "SpreadElement") {
        const spread = this.valueOf(property.argument, file, steps);
        if (spread?.kind === "record") for (const [name, value] of spread.entries) entries.set(name, value);
        continue;
      }
      const name = propertyName(property);
      const value = name === undefined ? undefined : this.valueOf(property.value, file, steps);
      if (name !== undefined && value !== undefined) entries.set(name, value);
    }
    return { kind: "record", entries };
  }

  #file(path: string): SourceFile | undefined {
    if (!this.#files.has(path)) this.#files.set(path, parseOrNothing(path));
    return this.#files.get(path);
  }
}

/** The file that will be generated there, when it has not been yet. */
function generatedPath(specifier: string, from: string): string | undefined {
  if (!/^\.{1,2}\/(?:.*\/)?module\.gen\.[jt]s$/.test(specifier)) return undefined;
  return path.resolve(path.dirname(from), specifier.replace(/js$/, "ts"));
}

function parseOrNothing(path: string): SourceFile | undefined {
  try {
    const file = parseSource(path);
    return file.failure === undefined ? file : undefined;
  } catch {
    return undefined;
  }
}

/** The name in `a.name` and `a["name"]`. */
export function memberName(member: Extract<Expression, { type: "MemberExpression" }>): string | undefined {
  const { property } = member;
  if (property.type === "Identifier") return member.computed ? undefined : property.name;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}

/** The name of a property of an object, where it is written out. */
export function propertyName(property: {
  readonly computed: boolean;
  readonly key: { readonly type: string; readonly name?: unknown; readonly value?: unknown };
}): string | undefined {
  const { key, computed } = property;
  if (key.type === "Identifier" && !computed) return String(key.name);
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}
