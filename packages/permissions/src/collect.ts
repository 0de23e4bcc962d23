import { type ModuleFacts, type PlatformError, platformError } from "@plinth/module";
import { codeIdentifier } from "./code.ts";
import { type Declared, declarationsOf, type Locate, placesOf, placesOfTwins } from "./declared.ts";
import { hasExpired } from "./expiry.ts";
import type { PermissionInfo, PermissionMap } from "./permission.ts";
import type { PermissionsSection } from "./section.ts";
import { currentCode, type DeclaredMap, successorOf, successorProblems } from "./successors.ts";

/**
 * Collects the permissions of `modules`. All problems are reported, in the order of the modules;
 * the map is consistent only when there are none.
 */
export function collectPermissions(
  modules: readonly ModuleFacts<PermissionsSection>[],
  locate: Locate,
): { readonly permissions: PermissionMap; readonly problems: readonly PlatformError[] } {
  const problems: PlatformError[] = [];
  const declared = new Map<string, Declared>();
  const byIdentifier = new Map<string, Declared>();
  for (const one of modules.flatMap(declarationsOf)) {
    const twin = declared.get(one.code);
    if (twin !== undefined) {
      const values = { code: one.code, first: twin.module, second: one.module };
      problems.push(platformError("PERMISSION_DUPLICATE", values, { at: placesOf([twin, one], locate) }));
      continue;
    }
    declared.set(one.code, one);
    if (one.declaration.twins !== undefined) {
      const at = [...placesOf([one], locate), ...placesOfTwins(one, locate)];
      problems.push(platformError("PERMISSION_TWICE", { code: one.localCode, module: one.module }, { at }));
    }
    const identifier = codeIdentifier(one.localCode);
    const key = `${one.module}.${identifier}`;
    const namesake = byIdentifier.get(key);
    if (namesake === undefined) {
      byIdentifier.set(key, one);
      continue;
    }
    const values = { first: namesake.localCode, second: one.localCode, module: one.module, identifier };
    problems.push(platformError("PERMISSION_COLLISION", values, { at: placesOf([namesake, one], locate) }));
  }
  const permissions = new Map([...declared].map(([code, one]) => [code, describe(one, declared)]));
  return { permissions, problems: [...problems, ...successorProblems(declared, locate)] };
}

function describe(one: Declared, declared: DeclaredMap): PermissionInfo {
  const { description, group, since, retired = false } = one.declaration;
  const { code, module, version, localCode } = one;
  const replacedBy = successorOf(one, declared);
  const current = currentCode(one, declared);
  const expired = hasExpired(retired, version);
  return Object.freeze({ code, module, localCode, description, group, since, replacedBy, current, retired, expired });
}
