import { type Manifest, type PlatformError, platformError } from "@plinth/module";
import type { Locate } from "./locate.ts";

/** Names that differ in nothing but hyphens, group by group; groups and names sorted. */
export function findTwins(names: ReadonlySet<string> | ReadonlyMap<string, unknown>): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of names.keys()) {
    if (!name.includes("-")) continue;
    const bare = name.replaceAll("-", "");
    const group = groups.get(bare);
    if (group !== undefined) group.push(name);
    else groups.set(bare, names.has(bare) ? [bare, name] : [name]);
  }
  const twins = [...groups.values()].filter((group) => group.length > 1).map((group) => group.sort());
  return twins.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

/** The error for modules whose names differ in nothing but hyphens. */
export function twinError(names: readonly string[], manifests: readonly Manifest[], locate: Locate): PlatformError {
  const at = manifests.flatMap(({ name, file }) =>
    file !== undefined && names.includes(name) ? [locate(file, ["name"])] : [],
  );
  const quoted = names.map((name) => `"${name}"`).join(" and ");
  return platformError("MANIFEST_NAME_TWINS", { names: quoted }, { at });
}
