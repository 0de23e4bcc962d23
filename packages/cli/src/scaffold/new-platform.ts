import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import type { Context } from "../context.ts";
import { ownVersion } from "../own-version.ts";
import { type Archives, findArchives } from "./archives.ts";
import { platformName } from "./platform-name.ts";
import { platformFiles } from "./platform-template.ts";
import { regenerate } from "./regenerate.ts";
import { stageFolder } from "./staged-folder.ts";
import { undisturbed } from "./undisturbed.ts";

/** What a new platform is to be. */
export interface NewPlatformOptions {
  /** Default: made of the name of the folder. */
  readonly name: string | undefined;
  /** A folder with archives of Plinth's packages, absolute; without it they come from the registry. */
  readonly from: string | undefined;
}

/** A platform that was written. */
export interface NewPlatform {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Absolute and sorted. */
  readonly files: readonly string[];
}

/** What may be in the folder of a new platform. */
const harmless = new Set([".git"]);

/**
 * Writes a new platform, generated sources included, into a folder that is empty or not there yet. It is written
 * where nobody looks and then put there, so that the folder never holds a part of it.
 *
 * @throws PlatformError `SCAFFOLD_FOLDER_NOT_EMPTY`, `SCAFFOLD_PLATFORM_NAME` or `SCAFFOLD_TARBALLS`; nothing is
 *   written then.
 */
export function newPlatform(folder: string, options: NewPlatformOptions, context: Context): NewPlatform {
  const isThere = checkEmpty(folder);
  const name = platformName(folder, options.name);
  const archives: Archives | undefined = options.from === undefined ? undefined : findArchives(options.from);
  const rangeOf = (packageName: string) => `^${archives?.versions.get(packageName) ?? ownVersion()}`;
  const files = platformFiles({ name, rangeOf, archives: archives?.specs ?? new Map() });
  return undisturbed(context, () => {
    const staged = stageFolder(isThere ? path.join(folder, "platform") : folder, files);
    try {
      const generated = regenerate(staged.path).map((file) => path.relative(staged.path, file));
      if (isThere) moveUp(staged.path, folder);
      else staged.place();
      const written = [...files.keys(), ...generated].map((file) => path.join(folder, file));
      return { name, folder, files: written.sort() };
    } catch (error) {
      staged.discard();
      throw error;
    }
  });
}

/** @returns whether there is such a folder. */
function checkEmpty(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isDirectory()) throw platformError("SCAFFOLD_FOLDER_TAKEN", { folder }, { at: [{ file: folder }] });
  const entries = readdirSync(folder).filter((name) => !harmless.has(name));
  if (entries.length === 0) return true;
  const some = entries.slice(0, 5).join(", ");
  const more = entries.length > 5 ? ` and ${entries.length - 5} more` : "";
  throw platformError("SCAFFOLD_FOLDER_NOT_EMPTY", { folder, entries: some + more }, { at: [{ file: folder }] });
}

/** Puts what a folder holds into the one around it, all or nothing. */
function moveUp(stage: string, folder: string): void {
  const moved: string[] = [];
  try {
    for (const name of readdirSync(stage)) {
      renameSync(path.join(stage, name), path.join(folder, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) renameSync(path.join(folder, name), path.join(stage, name));
    throw error;
  }
  rmSync(stage, { recursive: true });
}
