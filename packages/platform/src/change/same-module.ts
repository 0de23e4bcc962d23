import { isDeepStrictEqual } from "node:util";
import { type RegisteredModule, realFolder } from "@plinth/kernel";

/**
 * Whether two readings of a module say the same: manifest, folder and where it runs. A module that is
 * compiled in and its folder count as one.
 */
export function sameModule(a: RegisteredModule, b: RegisteredModule): boolean {
  if ((a.load === undefined) !== (b.load === undefined)) return false;
  if ((a.source === "plugin") !== (b.source === "plugin")) return false;
  if (!isDeepStrictEqual({ ...a.manifest, file: "" }, { ...b.manifest, file: "" })) return false;
  if (a.path === undefined || b.path === undefined) return a.definition === b.definition;
  return a.path === b.path || realFolder(a.path) === realFolder(b.path);
}
