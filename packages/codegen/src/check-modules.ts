import path from "node:path";
import { createLocate, factsOf } from "@plinth/kernel";
import { type Manifest, type PlatformError, platformError } from "@plinth/module";
import { collectPermissions } from "@plinth/permissions";
import type { RememberedFacts } from "./last-run.ts";
import { permissionFacts, successorModules } from "./module-facts.ts";

/** A module whose manifest is in order by itself, and what is said of it to others. */
export interface CheckedModule {
  /** The manifest's file, absolute. */
  readonly file: string;
  readonly facts: RememberedFacts;
  /** Set where the manifest has been read in this run. */
  readonly content: Manifest | undefined;
}

/**
 * What is wrong with modules together as far as it would show in generated sources: names that are
 * there twice or differ in hyphens alone, and permission codes. Permissions that are plainly in order
 * need no more than a glance, whether or not their manifests have been read.
 */
export function checkModules(modules: readonly CheckedModule[]): PlatformError[] {
  return [...nameProblems(modules), ...permissionProblems(modules)];
}

function nameProblems(modules: readonly CheckedModule[]): PlatformError[] {
  const byBareName = Map.groupBy(modules, ({ facts }) => facts.name.replaceAll("-", ""));
  const locate = createLocate();
  return [...byBareName.values()].flatMap((group) => {
    if (group.length < 2) return [];
    const at = group.map(({ file }) => locate(file, ["name"]));
    const names = [...new Set(group.map(({ facts }) => facts.name))].sort();
    if (names.length > 1) {
      return [platformError("MANIFEST_NAME_TWINS", { names: names.map((name) => `"${name}"`).join(" and ") }, { at })];
    }
    const paths = group.map(({ file }) => path.dirname(file)).join(", ");
    return [platformError("GRAPH_DUPLICATE", { name: names[0] ?? "", count: group.length, paths }, { at })];
  });
}

function permissionProblems(modules: readonly CheckedModule[]): readonly PlatformError[] {
  const concerned = concernedModules(modules).map(({ content, facts, file }) =>
    content === undefined
      ? permissionFacts(facts, file)
      : factsOf(
          { manifest: content, source: "directory", path: path.dirname(file), definition: undefined },
          "permissions",
        ),
  );
  return collectPermissions(concerned as Parameters<typeof collectPermissions>[0], createLocate()).problems;
}

/** Modules whose permissions are not in order by themselves, and those whose codes they may name. */
function concernedModules(modules: readonly CheckedModule[]): readonly CheckedModule[] {
  const naming = new Set(modules.filter(({ facts }) => !facts.isInOrderAlone));
  if (naming.size === 0) return [];
  const named = new Set([...naming].flatMap(({ facts }) => successorModules(facts)));
  return modules.filter((module) => naming.has(module) || named.has(module.facts.name));
}
