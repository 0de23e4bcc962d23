import { existsSync } from "node:fs";
import path from "node:path";

const schema = "node_modules/@plinth/module/module.schema.json";

/**
 * The schema of manifests for editors, as seen from a module's folder: in the nearest `node_modules` that holds it,
 * else in that of the platform, where it will be once the packages are installed.
 */
export function schemaFrom(folder: string, root: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, schema))) return relativeTo(folder, path.join(at, schema));
    if (path.dirname(at) === at) return relativeTo(folder, path.join(root, schema));
  }
}

/** A file as an import in a folder names it: with `/` on every system, and `./` in front where it is beside. */
export function relativeTo(folder: string, file: string): string {
  const relative = path.relative(folder, file).split(path.sep).join("/");
  return relative.startsWith(".") ? relative : `./${relative}`;
}
