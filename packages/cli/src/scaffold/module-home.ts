import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import { type PackageFile, readPackageFile } from "./package-file.ts";

/** Where a platform keeps its modules, and in which form. */
export interface ModuleHome {
  /** The folder that holds the folders of modules, absolute. */
  readonly folder: string;
  /** The scope of the modules' packages, as in `@helpdesk`; `undefined` where modules are no packages. */
  readonly scope: string | undefined;
}

/** What is known of a platform before a module is added. */
export interface HomeSearch {
  /** The platform's folder, absolute. */
  readonly root: string;
  /** The patterns of platform.yaml. */
  readonly patterns: readonly string[];
  /** The folders of the platform's own modules, absolute. */
  readonly moduleFolders: readonly string[];
  /** The folder that was asked for, absolute. */
  readonly asked: string | undefined;
}

/**
 * Finds where a new module belongs: in the folder that was asked for, else in that of the first pattern that ends in
 * `/*`; as a package where the others are packages or, without others, where the platform has workspaces.
 *
 * @throws PlatformError `SCAFFOLD_FOLDER_UNKNOWN` or `SCAFFOLD_FOLDER_UNLISTED`.
 */
export function findModuleHome(name: string, { root, patterns, moduleFolders, asked }: HomeSearch): ModuleHome {
  const folder = asked ?? usualFolder(root, patterns);
  if (folder === undefined) throw platformError("SCAFFOLD_FOLDER_UNKNOWN", {});
  const own = path.relative(root, path.join(folder, name)).split(path.sep).join("/");
  if (!patterns.some((pattern) => fits(own, pattern))) {
    const pattern = `${path.posix.dirname(own)}/*`.replace(/^\.\//, "");
    throw platformError(
      "SCAFFOLD_FOLDER_UNLISTED",
      { folder: path.relative(root, folder) || ".", pattern },
      { at: [{ file: path.join(root, "platform.yaml") }] },
    );
  }
  return { folder, scope: scopeOf(root, moduleFolders) };
}

function usualFolder(root: string, patterns: readonly string[]): string | undefined {
  const usual = patterns.find((pattern) => /^[^*]+\/\*$/.test(pattern));
  return usual === undefined ? undefined : path.join(root, usual.slice(0, -2));
}

/** Whether a pattern, in which each part may hold one `*`, finds a folder. */
function fits(folder: string, pattern: string): boolean {
  const [parts, wanted] = [folder.split("/"), pattern.split("/")];
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => {
      const [before = "", after] = part.split("*");
      const found = parts[index] ?? "";
      if (after === undefined) return found === part;
      return found.length >= before.length + after.length && found.startsWith(before) && found.endsWith(after);
    })
  );
}

function scopeOf(root: string, moduleFolders: readonly string[]): string | undefined {
  const packages = moduleFolders.map((folder) => readPackageFile(folder));
  const scopes = Map.groupBy(packages, scopeIn);
  const [[scope] = [undefined]] = [...scopes].sort(([, one], [, other]) => other.length - one.length);
  if (packages.length > 0) return scope;
  const own = readPackageFile(root);
  return own?.content.workspaces === undefined ? undefined : (scopeIn(own) ?? `@${own.content.name ?? "app"}`);
}

function scopeIn(file: PackageFile | undefined): string | undefined {
  return /^(@[^/]+)\//.exec(file?.content.name ?? "")?.[1];
}

/** Whether something is in the place of the module's folder; an empty folder is nothing. */
export function isTaken(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && (!found.isDirectory() || readdirSync(folder).length > 0);
}
