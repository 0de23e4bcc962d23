import { factsOf } from "@plinth/kernel";
import type { Manifest, ModuleFacts } from "@plinth/module";
import { fullCode, type PermissionsSection } from "@plinth/permissions";
import type { RememberedFacts } from "./last-run.ts";
import { codesInUse } from "./source/permission-constants.ts";

/** What is remembered of a manifest. */
export function rememberedFacts({ name, version, sections }: Manifest): RememberedFacts {
  const permissions = (sections.permissions ?? {}) as PermissionsSection;
  const inUse = new Set(codesInUse({ version, permissions }).map(([code]) => code));
  return {
    name,
    version,
    expired: Object.keys(permissions).filter((code) => !inUse.has(code)),
    permissions: Object.entries(permissions).map(([code, { replacedBy }]) => [code, replacedBy ?? 0]),
  };
}

/** What the check of permissions needs to know of a module, made of what is remembered of it. */
export function permissionFacts(
  { name, version, permissions }: RememberedFacts,
  file: string,
): ModuleFacts<PermissionsSection> {
  const section: PermissionsSection = Object.fromEntries(
    permissions.map(([code, replacedBy]) => [code, replacedBy === 0 ? {} : { replacedBy }]),
  );
  const manifest: Manifest = {
    name,
    version,
    description: undefined,
    platform: undefined,
    dependencies: [],
    main: undefined,
    critical: true,
    timeouts: { start: undefined, stop: undefined },
    sections: { permissions: section },
    file,
  };
  return factsOf(
    { manifest, source: "directory", path: undefined, definition: undefined },
    "permissions",
  ) as ModuleFacts<PermissionsSection>;
}

/** The full codes that have constants. */
export function constantCodes({ name, permissions, expired }: RememberedFacts): string[] {
  return permissions.flatMap(([code]) => (expired.includes(code) ? [] : [fullCode(name, code)]));
}

/** The codes of other modules that a module names as successors; of one that is no code of its own, any may be. */
export function foreignSuccessors({ permissions }: RememberedFacts): string[] {
  if (permissions.every(([, successor]) => successor === 0)) return [];
  const own = new Set(permissions.map(([code]) => code));
  return permissions.flatMap(([, successor]) => (successor === 0 || own.has(successor) ? [] : [successor]));
}
