import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { resolveInside } from "@plinth/kernel";
import { type Manifest, platformError } from "@plinth/module";
import type { EmbeddedFile } from "./source/modules-source.ts";

/**
 * The files of a module that a program must hold to do without the module's folder: its migrations.
 *
 * @throws PlatformError `MIGRATIONS_FOLDER_MISSING`, or `MANIFEST_PATH_OUTSIDE` for what leads out of the module's folder.
 */
export function embeddedFiles({ name, sections, file }: Manifest, folder: string): readonly EmbeddedFile[] {
  const { migrations } = sections;
  if (typeof migrations !== "string") return [];
  const at = file === undefined ? [] : [{ file }];
  const inside = path.posix.join(migrations, ".").replace(/\/$/, "");
  if (statSync(path.join(folder, inside), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw platformError("MIGRATIONS_FOLDER_MISSING", { module: name, folder: migrations }, { at });
  }
  return readdirSync(path.join(folder, inside))
    .filter((entry) => /\.(sql|ts|js)$/.test(entry) && !entry.endsWith(".d.ts") && !entry.startsWith("."))
    .sort()
    .map((entry) => {
      const relative = path.posix.join(inside, entry);
      const real = resolveInside(folder, relative, { key: ["migrations"], at });
      return { path: relative, text: readFileSync(real, "utf8"), isCode: !entry.endsWith(".sql") };
    });
}
