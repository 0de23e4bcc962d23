import { existsSync } from "node:fs";
import path from "node:path";
import { platformError, type Rights } from "@plinth/module";
import { gt } from "semver";
import type { ExaminedPlugin } from "../examine/examine-plugin.ts";
import type { LockedPlugin } from "../lock/plugins-lock.ts";
import { signatureFileName } from "../signature/signature-file.ts";
import { verifyFolder } from "../verify/verify-folder.ts";
import { type Change, changePlugins, type PluginsPlace } from "./change.ts";

/** How a plugin is installed. */
export interface InstallOptions extends PluginsPlace {
  /** What it may do. */
  readonly rights: Rights;
  /** Whether an older version, or other content of the same version, may take the place of the installed one. Default `false`. */
  readonly force?: boolean;
}

/** What installing has done. */
export interface Installed {
  readonly plugin: LockedPlugin;
  /** What was installed under this name before; the same as `plugin` when nothing was to be done. */
  readonly replaced: LockedPlugin | undefined;
  readonly isChanged: boolean;
}

/**
 * Unpacks a plugin and writes it into the lock. A newer version takes the place of an older one.
 *
 * @throws PlatformError `PLUGIN_INSTALLED`, and what `changePlugins` throws; nothing is changed then.
 */
export function installPlugin(examined: ExaminedPlugin, options: InstallOptions): Promise<Installed> {
  return changePlugins(options, (change) => install(examined, options, change));
}

/**
 * Refuses a plugin that would take the place of an installed one without being newer.
 *
 * @throws PlatformError `PLUGIN_INSTALLED`
 */
export function checkReplaces(
  { manifest, hashes }: ExaminedPlugin,
  installed: LockedPlugin | undefined,
  force: boolean,
): void {
  if (installed === undefined || force || gt(manifest.version, installed.version)) return;
  if (manifest.version === installed.version && hasSameFiles(installed, hashes)) return;
  const values = { plugin: manifest.name, installed: installed.version, version: manifest.version };
  throw platformError("PLUGIN_INSTALLED", values);
}

function install(examined: ExaminedPlugin, options: InstallOptions, { folder, lock, commit }: Change): Installed {
  const { manifest, hashes, integrity, signedBy, origin, files } = examined;
  const { name, version } = manifest;
  const replaced = lock.plugins.find((plugin) => plugin.name === name);
  checkReplaces(examined, replaced, options.force ?? false);
  const isThere =
    replaced?.version === version &&
    hasSameFiles(replaced, hashes) &&
    verifyFolder(path.join(folder, replaced.folder), replaced).length === 0;
  const plugin: LockedPlugin = {
    name,
    version,
    source: origin,
    folder: isThere
      ? replaced.folder
      : freeFolder(folder, `${name}@${version}`, hashes[signatureFileName] ?? integrity),
    integrity,
    ...(signedBy === undefined ? {} : { signedBy }),
    rights: options.rights,
    files: hashes,
  };
  const others = lock.plugins.filter((each) => each.name !== name);
  const isChanged = !isThere || JSON.stringify(plugin.rights) !== JSON.stringify(replaced.rights);
  if (!isChanged) return { plugin: replaced, replaced, isChanged };
  commit({ plugins: [...others, plugin] }, isThere ? undefined : { folder: plugin.folder, files });
  return { plugin, replaced, isChanged };
}

function hasSameFiles(installed: LockedPlugin, hashes: ExaminedPlugin["hashes"]): boolean {
  const [one, other] = [Object.entries(installed.files).sort(), Object.entries(hashes).sort()];
  return JSON.stringify(one) === JSON.stringify(other);
}

/** `NAME@VERSION`; with a mark where that is taken, which happens only when the same version is installed again. */
function freeFolder(folder: string, name: string, integrity: string): string {
  const mark = Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex", 0, 4);
  const names = [name, `${name}_${mark}`];
  for (let count = 2; ; count += 1) {
    const free = names.find((each) => !existsSync(path.join(folder, each)));
    if (free !== undefined) return free;
    names.push(`${name}_${mark}.${count}`);
  }
}
