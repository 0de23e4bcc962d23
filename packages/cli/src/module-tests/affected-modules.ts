import { realpathSync } from "node:fs";
import path from "node:path";
import type { PlannedModule } from "@plinth/kernel";
import { isWithin, sharedCode } from "./shared-code.ts";

/** Files whose change may change any module, wherever above one they are: what is installed. */
const installed = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "plugins.lock",
]);

/**
 * The names of the modules that changed files belong to, or that use what was changed, with everything that
 * depends on them. A change of platform.yaml, or of what is installed, is a change of all.
 *
 * @param plan all modules of the platform.
 * @param root the platform's, absolute.
 * @param changed absolute real paths.
 */
export function affectedModules(
  plan: readonly PlannedModule[],
  root: string,
  changed: readonly string[],
): ReadonlySet<string> {
  const realRoot = realpathSync(root);
  const own = plan.flatMap((module) =>
    module.source === "platform" || module.path === undefined
      ? []
      : [{ module, folder: realpathSync(module.path), name: module.manifest.name }],
  );
  const all = own.map(({ name }) => name);
  if (changed.some((file) => isForAll(file, realRoot))) return new Set(all);

  const folders = new Set(own.map(({ folder }) => folder));
  const rest = changed.filter((file) => !isOfSome(file, folders));
  const shared = rest.length === 0 ? () => new Set<string>() : sharedCode(folders);
  const touched = own.filter(({ folder }) => {
    if (changed.some((file) => innermost(file, folders) === folder)) return true;
    const used = shared(folder);
    return used.size > 0 && rest.some((file) => [...used].some((place) => isWithin(file, place)));
  });
  return withDependents(
    touched.map(({ module }) => module),
    plan,
  );
}

function isForAll(file: string, root: string): boolean {
  if (file === path.join(root, "platform.yaml")) return true;
  return installed.has(path.basename(file)) && isWithin(root, path.dirname(file));
}

function isOfSome(file: string, folders: ReadonlySet<string>): boolean {
  return innermost(file, folders) !== undefined;
}

/** Of folders that lie in each other the innermost that a file is in. */
function innermost(file: string, folders: ReadonlySet<string>): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (folders.has(folder)) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

function withDependents(modules: readonly PlannedModule[], plan: readonly PlannedModule[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...modules];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next.manifest.name)) continue;
    found.add(next.manifest.name);
    waiting.push(...next.dependents.flatMap((index) => plan[index] ?? []));
  }
  return found;
}
