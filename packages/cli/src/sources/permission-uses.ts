import type { SourceLocation } from "@plinth/module";
import { type Expression, Visitor } from "oxc-parser";
import type { SourceFile } from "./source-file.ts";
import { type Constants, memberName, propertyName, type StaticValues } from "./static-value.ts";

/** A place where code asks for a permission. */
export type PermissionUse =
  /** For this code. */
  | { readonly kind: "code"; readonly code: string; readonly at: SourceLocation }
  /** By a constant that is not there. */
  | { readonly kind: "missing"; readonly name: string; readonly constants: Constants; readonly at: SourceLocation }
  /** For one that only running it would tell. */
  | { readonly kind: "computed"; readonly at: SourceLocation };

/** The form of a full code, roughly: what else `permission` may mean elsewhere does not look like this. */
const fullCode = /^[A-Za-z][\w-]*(?:\.[\w-]+)+$/;

/** Whether a text can contain a use at all: most files need not be parsed. */
export function mayUsePermissions(text: string): boolean {
  return /[pP]ermission|\.can\b|\.require\b/.test(text);
}

/**
 * The permissions that a file asks for, in the order of the text. Seen are the members of a module's
 * `Permission` constants, wherever they stand, and the codes in `permission: ...` of a call's options,
 * in the second argument of `x.can(...)` and `x.require(...)`, and in `missingPermission(...)`.
 */
export function permissionUses(file: SourceFile, values: StaticValues): readonly PermissionUse[] {
  const uses = new Map<number, PermissionUse>();

  function add(expression: Expression, isCertain: boolean): void {
    if (expression.type === "ConditionalExpression") {
      add(expression.consequent, isCertain);
      add(expression.alternate, isCertain);
      return;
    }
    if (expression.type === "LogicalExpression") {
      add(expression.left, isCertain);
      add(expression.right, isCertain);
      return;
    }
    if (uses.has(expression.start)) return;
    const at = file.locate(expression.start);
    const value = values.valueOf(expression, file);
    if (value?.kind === "text") {
      if (fullCode.test(value.text)) uses.set(expression.start, { kind: "code", code: value.text, at });
    } else if (value === undefined && isCertain && expression.type !== "Literal") {
      uses.set(expression.start, { kind: "computed", at });
    }
  }

  new Visitor({
    MemberExpression(member) {
      const name = memberName(member);
      const object = values.valueOf(member.object, file);
      if (name === undefined || object?.kind !== "constants") return;
      const { constants } = object;
      const code = constants.codes.get(name);
      const at = file.locate(member.start);
      uses.set(
        member.start,
        code === undefined ? { kind: "missing", name, constants, at } : { kind: "code", code, at },
      );
    },
    VariableDeclarator({ id, init }) {
      const object = init === null || id.type !== "ObjectPattern" ? undefined : values.valueOf(init, file);
      if (id.type !== "ObjectPattern" || object?.kind !== "constants") return;
      for (const property of id.properties) {
        const name = property.type === "Property" ? propertyName(property) : undefined;
        const code = name === undefined ? undefined : object.constants.codes.get(name);
        const at = file.locate(property.start);
        if (code !== undefined) uses.set(property.start, { kind: "code", code, at });
        else if (name !== undefined)
          uses.set(property.start, { kind: "missing", name, constants: object.constants, at });
      }
    },
    CallExpression({ callee, arguments: given }) {
      const name =
        callee.type === "MemberExpression"
          ? memberName(callee)
          : callee.type === "Identifier"
            ? callee.name
            : undefined;
      if (name === undefined) return;
      const isMethod = callee.type === "MemberExpression";
      const asked = isMethod && checks.has(name) ? given[1] : name === "missingPermission" ? given[0] : undefined;
      if (asked !== undefined && asked.type !== "SpreadElement") add(asked, checks.has(name));
      for (const argument of given) addOptions(argument, isMethod && routes.has(name));
    },
  }).visit(file.program);

  /** The permission in the options of a call, also deeper: `{ config: { access: { permission } } }`. */
  function addOptions(argument: { readonly type: string }, isRoute: boolean): void {
    if (argument.type !== "ObjectExpression") return;
    for (const property of (argument as Extract<Expression, { type: "ObjectExpression" }>).properties) {
      if (property.type !== "Property") continue;
      const name = propertyName(property);
      if (name === "permission") add(property.value, isRoute);
      else if (name === "config" || name === "access") addOptions(property.value, isRoute);
    }
  }

  return [...uses].sort(([a], [b]) => a - b).map(([, use]) => use);
}

const checks = new Set(["can", "require"]);
const routes = new Set(["get", "post", "put", "patch", "delete", "route"]);
