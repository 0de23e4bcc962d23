import { isDeepStrictEqual } from "node:util";
import { type RegisteredModule, realFolder } from "@plinth/kernel";

/**
 * Whether two readings of a module say the same: manifest, folder and where it runs. Of a module that
 * is compiled in and its folder only the folder is compared, as the one is generated from the other:
 * what has changed since shows in the folder's files.
 */
export function sameModule(a: RegisteredModule, b: RegisteredModule): boolean {
  if ((a.load === undefined) !== (b.load === undefined)) return false;
  if ((a.source === "plugin") !== (b.source === "plugin")) return false;
  if (a.source === b.source && !isDeepStrictEqual({ ...a.manifest, file: "" }, { ...b.manifest, file: "" }))
    return false;
  if (a.path === undefined || b.path === undefined) return a.definition === b.definition;
  return a.path === b.path || realFolder(a.path) === realFolder(b.path);
}
