export type { Authorizer } from "./authorizer.ts";
export { type PermissionsOptions, permissionsCapability } from "./capability.ts";
export { type PermissionCatalogue, Permissions } from "./catalogue.ts";
export { codeIdentifier, fullCode, localCodePattern } from "./code.ts";
export type { Locate } from "./declared.ts";
export type { PermissionInfo } from "./permission.ts";
export type { Principal } from "./principal.ts";
export { type PermissionDeclaration, type PermissionsSection, permissionsSection } from "./section.ts";
