import path from "node:path";
import { createLocate, factsOf } from "@plinth/kernel";
import { type Manifest, type PlatformError, platformError } from "@plinth/module";
import { collectPermissions } from "@plinth/permissions";
import type { RememberedFacts } from "./last-run.ts";
import { foreignSuccessors, permissionFacts } from "./module-facts.ts";

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
 * there twice or differ in hyphens alone, and permission codes. Modules whose manifests have not been
 * read were in order in the last run; only what others may have changed about them is looked at.
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

/** Modules that have been read, all that name codes of other modules, and those whose codes these may be. */
function concernedModules(modules: readonly CheckedModule[]): readonly CheckedModule[] {
  if (modules.every(({ content }) => content !== undefined)) return modules;
  const named = new Set<string>();
  const naming = new Set<CheckedModule>();
  for (const module of modules) {
    for (const code of foreignSuccessors(module.facts)) {
      named.add(code.slice(0, code.indexOf(".")));
      naming.add(module);
    }
  }
  return modules.filter((module) => module.content !== undefined || naming.has(module) || named.has(module.facts.name));
}
