import { readFileSync } from "node:fs";
import path from "node:path";
import { createLocate, factsOf, type RegisteredModule } from "@plinth/kernel";
import { type ModuleFacts, type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import {
  codeIdentifier,
  collectPermissions,
  declarationsOf,
  nearestHint,
  type PermissionInfo,
  type PermissionMap,
  type PermissionsSection,
  placesOf,
} from "@plinth/permissions";
import { findSources } from "../sources/find-sources.ts";
import { mayUsePermissions, type PermissionUse, permissionUses } from "../sources/permission-uses.ts";
import { parseSource } from "../sources/source-file.ts";
import { type Constants, StaticValues } from "../sources/static-value.ts";

/** What the sources of a platform have to do with its permissions. */
export interface PermissionCheck {
  readonly problems: readonly PlatformError[];
  /** Uses of codes that have a successor or are retired, and still work. */
  readonly deprecated: readonly { readonly permission: PermissionInfo; readonly at: SourceLocation }[];
  /** Places where only running the code would tell which permission is asked for. */
  readonly computed: readonly SourceLocation[];
  /** How many source files were read, and how many uses were found in them. */
  readonly files: number;
  readonly uses: number;
}

/**
 * Holds what the sources of a platform ask for against what its manifests declare. Runs nothing.
 *
 * @param root the platform's folder; sources of modules that lie elsewhere are read too.
 */
export function checkPermissions(root: string, modules: readonly RegisteredModule[]): PermissionCheck {
  const locate = createLocate();
  const facts = modules.map((module) => factsOf(module, "permissions") as ModuleFacts<PermissionsSection>);
  const { permissions } = collectPermissions(facts, locate);
  const folders = modules.flatMap(({ path: folder, source }) =>
    folder === undefined || source === "platform" ? [] : [folder],
  );
  const files = findSources([root, ...folders]);
  const values = new StaticValues(constantsOf(facts, permissions));

  const problems: PlatformError[] = [];
  const uses: PermissionUse[] = [];
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    if (!mayUsePermissions(text)) continue;
    const source = parseSource(file, text);
    if (source.failure === undefined) uses.push(...permissionUses(source, values));
    else problems.push(unreadable(source.failure));
  }

  const deprecated: { permission: PermissionInfo; at: SourceLocation }[] = [];
  const asked = new Set<string>();
  for (const use of uses) {
    if (use.kind === "missing") problems.push(missingConstant(use));
    if (use.kind !== "code") continue;
    const permission = permissions.get(use.code);
    if (permission === undefined || permission.expired) {
      problems.push(permission === undefined ? unknown(use.code, use.at, permissions) : expired(permission, use.at));
      continue;
    }
    asked.add(permission.code).add(permission.current);
    if (isOld(permission)) deprecated.push({ permission, at: use.at });
  }
  const declared = facts.filter(({ path: folder }) => folder !== undefined).flatMap(declarationsOf);
  for (const one of declared) {
    const permission = permissions.get(one.code);
    if (permission === undefined || isOld(permission) || asked.has(one.code)) continue;
    problems.push(platformError("PERMISSION_UNUSED", { code: one.code }, { at: placesOf([one], locate) }));
  }
  const computed = uses.flatMap(({ kind, at }) => (kind === "computed" ? [at] : []));
  return { problems, deprecated, computed, files: files.length, uses: uses.length };
}

/** The constants of a generated file, from the manifest beside it: whether or not the file is up to date. */
function constantsOf(facts: readonly ModuleFacts[], permissions: PermissionMap) {
  const byFolder = new Map(facts.map(({ name, path: folder }) => [folder, name]));
  const known = new Map<string, Constants>();
  return (file: string): Constants | undefined => {
    if (!/[/\\]module\.gen\.[jt]s$/.test(file)) return undefined;
    let folder = path.dirname(file);
    while (!byFolder.has(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder);
    const module = byFolder.get(folder);
    if (module === undefined) return undefined;
    let constants = known.get(module);
    if (constants === undefined) {
      const own = [...permissions.values()].filter((permission) => permission.module === module);
      const codes = new Map(own.map(({ localCode, code }) => [codeIdentifier(localCode), code]));
      constants = { codes, owner: module };
      known.set(module, constants);
    }
    return constants;
  };
}

function isOld({ code, current, retired }: PermissionInfo): boolean {
  return code !== current || retired !== false;
}

function unknown(code: string, at: SourceLocation, permissions: PermissionMap): PlatformError {
  const hint = nearestHint(code, [...permissions.keys()], "Declare it in a manifest, or ask for one that is declared.");
  return platformError("PERMISSION_USE_UNKNOWN", { code, hint }, { at: [at] });
}

function expired({ code, current, module, retired }: PermissionInfo, at: SourceLocation): PlatformError {
  const hint = current === code ? "Remove the check." : `Ask for "${current}" instead.`;
  return platformError("PERMISSION_EXPIRED", { code, module, retired: String(retired), hint }, { at: [at] });
}

function missingConstant({ name, constants, at }: Extract<PermissionUse, { kind: "missing" }>): PlatformError {
  const otherwise = `Declare the permission in the manifest of "${constants.owner}", or use a constant that is there.`;
  const hint = nearestHint(name, [...constants.codes.keys()], otherwise);
  return platformError("PERMISSION_CONSTANT_UNKNOWN", { name, module: constants.owner, hint }, { at: [at] });
}

function unreadable({ reason, at }: { readonly reason: string; readonly at: SourceLocation }): PlatformError {
  return platformError("PERMISSION_SOURCE", { reason }, { at: [at] });
}
