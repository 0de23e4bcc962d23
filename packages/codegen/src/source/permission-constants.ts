import {
  codeIdentifier,
  fullCode,
  hasExpired,
  type PermissionDeclaration,
  type PermissionsSection,
} from "@plinth/permissions";
import { docComment } from "./doc-comment.ts";
import { propertyKey, prose, stringLiteral } from "./text.ts";

/** The module whose codes are meant. */
export interface PermissionOwner {
  readonly name: string;
  readonly version: string;
  readonly permissions: PermissionsSection;
}

/** The codes that may still be checked: those that were retired in an earlier major version get no constant. */
export function codesInUse({
  permissions,
  version,
}: Pick<PermissionOwner, "permissions" | "version">): [string, PermissionDeclaration][] {
  return Object.entries(permissions).filter(([, { retired = false }]) => !hasExpired(retired, version));
}

/** The constants of a module's permission codes and the union of their types; nothing for a module without codes. */
export function permissionConstants(owner: PermissionOwner): string {
  const { name, permissions } = owner;
  const declared = codesInUse(owner);
  if (declared.length === 0) return "";
  const members = declared.map(
    ([localCode, declaration]) =>
      `${docComment(docOf(declaration, permissions), 2)}  ${propertyKey(codeIdentifier(localCode))}: ${stringLiteral(fullCode(name, localCode))},\n`,
  );
  return `
/** The permission codes of this module. */
export const Permission = {
${members.join("")}} as const;

/** Any of the permission codes of this module. */
export type Permission = (typeof Permission)[keyof typeof Permission];
`;
}

function docOf(declaration: PermissionDeclaration, permissions: PermissionsSection) {
  const { description, since } = declaration;
  const tags = since === undefined ? [] : [`@since ${prose(since)}`];
  const deprecation = deprecationOf(declaration, permissions);
  return { text: [prose(description ?? "")], tags: deprecation === undefined ? tags : [...tags, deprecation] };
}

function deprecationOf(
  { retired, replacedBy }: PermissionDeclaration,
  permissions: PermissionsSection,
): string | undefined {
  if ((retired === undefined || retired === false) && replacedBy === undefined) return undefined;
  const since = typeof retired === "string" ? ` since ${prose(retired)}` : "";
  if (replacedBy === undefined) return `@deprecated Retired${since}.`;
  const successor = Object.hasOwn(permissions, replacedBy)
    ? `Permission.${codeIdentifier(replacedBy)}`
    : prose(replacedBy);
  return since === "" ? `@deprecated Use ${successor}.` : `@deprecated Retired${since}: use ${successor}.`;
}
