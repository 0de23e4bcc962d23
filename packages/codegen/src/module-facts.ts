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
    isInOrderAlone: areInOrderAlone(permissions),
    permissions: Object.entries(permissions).map(([code, { replacedBy }]) => [code, replacedBy ?? 0]),
  };
}

/** Whether no two codes can become one identifier, and each successor is a code beside it that has none itself. */
function areInOrderAlone(permissions: PermissionsSection): boolean {
  const codes = Object.keys(permissions);
  const letters = new Set(codes.map((code) => code.replace(/[.-]/g, "")));
  if (letters.size < codes.length) return false;
  return Object.values(permissions).every(({ replacedBy, twins }) => {
    if (twins !== undefined) return false;
    if (replacedBy === undefined) return true;
    return Object.hasOwn(permissions, replacedBy) && permissions[replacedBy]?.replacedBy === undefined;
  });
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

/** The names that the modules of a module's successors may have. */
export function successorModules({ permissions }: RememberedFacts): string[] {
  return permissions.flatMap(([, successor]) => (successor === 0 ? [] : [successor.slice(0, successor.indexOf("."))]));
}
