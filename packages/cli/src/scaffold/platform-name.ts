import path from "node:path";
import { platformError } from "@plinth/module";

const longest = 100;

/**
 * The name of a new platform: the one that was asked for, or one made of the folder's.
 *
 * @throws PlatformError `SCAFFOLD_PLATFORM_NAME` when it cannot be the scope of packages.
 */
export function platformName(folder: string, asked: string | undefined): string {
  const name = asked ?? slug(path.basename(folder));
  // The scope of Plinth itself would hide its packages.
  const isFine = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= longest && name !== "plinth";
  if (!isFine) throw platformError("SCAFFOLD_PLATFORM_NAME", { name: asked ?? path.basename(folder) });
  return name;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[-0-9]+|-+$/g, "");
}
