import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

/**
 * What a module's process must read to import the module: its folder, the `node_modules` folders
 * that its imports are looked up in, and the real folders of the packages in them that are links, as
 * far as the package and what it depends on name them. The same goes for the files of the runtime.
 *
 * @param folder the module's folder, absolute.
 * @param files files that are imported in the process besides, absolute.
 * @returns absolute paths, none inside another, sorted.
 */
export function readableFolders(folder: string, files: readonly string[]): readonly string[] {
  const own = realPath(folder);
  const found = new Set<string>([folder, own]);
  const waiting = [own];
  for (const file of files.map(realPath)) {
    const home = packageFolder(path.dirname(file));
    // A file of the platform itself, such as a bundle: not all that is in its package is for the module to see.
    if (home === undefined || isInside(own, home)) found.add(path.dirname(file));
    else waiting.push(home);
  }
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    found.add(next);
    const lookups = lookupFolders(next);
    for (const lookup of lookups) found.add(lookup);
    for (const name of dependenciesOf(packageFolder(next))) {
      const linked = linkedFolder(name, lookups);
      if (linked !== undefined) waiting.push(linked);
    }
  }
  return withoutNested([...found]);
}

/** The `node_modules` folders that exist on the way from a folder to the root. */
function lookupFolders(from: string): string[] {
  const found: string[] = [];
  for (let folder = from; ; folder = path.dirname(folder)) {
    const lookup = path.join(folder, "node_modules");
    if (path.basename(folder) !== "node_modules" && existsSync(lookup)) found.push(lookup);
    if (path.dirname(folder) === folder) return found;
  }
}

/** The nearest folder upwards that has a package.json. */
function packageFolder(from: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

const dependencyKeys = ["dependencies", "peerDependencies", "optionalDependencies"] as const;

function dependenciesOf(folder: string | undefined): string[] {
  if (folder === undefined) return [];
  try {
    const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Record<string, object>;
    return dependencyKeys.flatMap((key) => Object.keys(manifest[key] ?? {}));
  } catch {
    return []; // what cannot be read here cannot be imported there either, and says so then
  }
}

/** Where a package really is, when that is outside of the folder that it is found in. */
function linkedFolder(name: string, lookups: readonly string[]): string | undefined {
  for (const lookup of lookups) {
    const place = path.join(lookup, name);
    if (!isInside(place, lookup) || !existsSync(place)) continue;
    const real = realPath(place);
    return lookups.some((other) => isInside(real, other)) ? undefined : real;
  }
  return undefined;
}

function withoutNested(paths: readonly string[]): readonly string[] {
  return paths.filter((inner) => !paths.some((outer) => outer !== inner && isInside(inner, outer))).sort();
}

function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === "" || (!relative.startsWith(`..${path.sep}`) && relative !== ".." && !path.isAbsolute(relative));
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
