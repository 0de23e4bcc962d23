import { createLocate, factsOf, type RegisteredModule } from "@plinth/kernel";
import type { ModuleFacts, SourceLocation } from "@plinth/module";
import {
  collectPermissions,
  declarationsOf,
  type PermissionInfo,
  type PermissionsSection,
  placesOf,
} from "@plinth/permissions";

/** A permission as `permissions list --json` shows it. */
export interface ListedPermission {
  /** Full. */
  readonly code: string;
  readonly module: string;
  readonly description: string | null;
  readonly group: string | null;
  readonly since: string | null;
  /** The full code of the direct successor. */
  readonly replacedBy: string | null;
  /** The code that decides in its place; its own where nothing has replaced it. */
  readonly current: string;
  readonly retired: boolean | string;
  /** Whether its time is over, so that checks of it are refused. */
  readonly expired: boolean;
  /** Where it is declared; files are absolute. */
  readonly at: SourceLocation | null;
}

/** The permissions of these modules, in the order of modules and manifests. */
export function listedPermissions(modules: readonly RegisteredModule[]): readonly ListedPermission[] {
  const locate = createLocate();
  const facts = permissionFacts(modules);
  const { permissions } = collectPermissions(facts, locate);
  const places = new Map(facts.flatMap(declarationsOf).map((one) => [one.code, placesOf([one], locate)[0]]));
  return [...permissions.values()].map((permission) => listed(permission, places.get(permission.code)));
}

/** What modules declare, for collecting it. */
export function permissionFacts(modules: readonly RegisteredModule[]): readonly ModuleFacts<PermissionsSection>[] {
  return modules.map((module) => factsOf(module, "permissions") as ModuleFacts<PermissionsSection>);
}

function listed(permission: PermissionInfo, at: SourceLocation | undefined): ListedPermission {
  const { code, module, description, group, since, replacedBy, current, retired, expired } = permission;
  return {
    code,
    module,
    description: description ?? null,
    group: group ?? null,
    since: since ?? null,
    replacedBy: replacedBy ?? null,
    current,
    retired,
    expired,
    at: at ?? null,
  };
}
