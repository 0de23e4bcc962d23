import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import { defaultLimits } from "../archive/limits.ts";
import { readArchive } from "../archive/read-archive.ts";
import type { PluginFile } from "../files/plugin-file.ts";
import { integrityOf } from "../integrity/integrity.ts";
import type { PluginOrigin } from "../lock/plugins-lock.ts";
import { npmPack } from "./npm-pack.ts";
import { readFolder } from "./read-folder.ts";

/** A plugin that was fetched: its files in memory, their names and kinds checked, nothing else known of it. */
export interface FetchedPlugin {
  readonly files: readonly PluginFile[];
  readonly origin: PluginOrigin;
  /** Where its files are for errors: a folder or an archive, absolute, or a package. */
  readonly place: string;
}

/** Where a plugin is fetched from, and to. */
export interface FetchOptions {
  /** What relative paths are relative to, absolute. */
  readonly cwd: string;
  /** The platform's folder, absolute: its .npmrc holds, and plugins.lock notes paths as seen from there. */
  readonly root: string;
  /** What npm sees. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Fetches the files of a plugin from a folder, from a .tgz archive or, through npm, from a package.
 *
 * @throws PlatformError or PlatformErrors with what is wrong with it; nothing has been written then.
 */
export async function fetchPlugin(given: string, options: FetchOptions): Promise<FetchedPlugin> {
  const file = path.resolve(options.cwd, given);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true && (isPath(given) || existsSync(path.join(file, "module.yaml")))) {
    const files = await filesOf(file, options);
    return { files, origin: { kind: "folder", given: from(options.root, file) }, place: file };
  }
  if (stats?.isFile() === true) {
    const bytes = readLimited(file, stats.size);
    const origin = { kind: "archive", given: from(options.root, file), integrity: integrityOf(bytes) } as const;
    return { files: readArchive(bytes, file), origin, place: file };
  }
  if (isPath(given)) throw platformError("PLUGIN_SOURCE_MISSING", { source: given });
  const bytes = await npmPack(given, { ...options, cwd: options.root });
  const files = readArchive(bytes, given);
  const origin = { kind: "npm", given, ...resolvedOf(files), integrity: integrityOf(bytes) } as const;
  return { files, origin, place: given };
}

/** What npm would pack where there is a package.json, so that its rules hold; else everything. */
export async function filesOf(
  folder: string,
  { env, signal }: Pick<FetchOptions, "env" | "signal">,
): Promise<readonly PluginFile[]> {
  if (!existsSync(path.join(folder, "package.json"))) return readFolder(folder);
  return readArchive(await npmPack(folder, { cwd: folder, env, ...(signal === undefined ? {} : { signal }) }), folder);
}

function isPath(given: string): boolean {
  return /^(?:\.{0,2}[/\\]|\.{1,2}$|[A-Za-z]:[/\\])|\.tgz$|\.tar\.gz$/.test(given);
}

function readLimited(file: string, size: number): Buffer {
  if (size <= defaultLimits.archiveBytes) return readFileSync(file);
  const reason = `it has more than ${defaultLimits.archiveBytes} bytes`;
  throw platformError("PLUGIN_ARCHIVE_LIMIT", { reason }, { at: [{ file }] });
}

function from(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join("/") || ".";
}

/** What the package calls itself. What is wrong with its package.json is said when its packages are looked at. */
function resolvedOf(files: readonly PluginFile[]): { readonly resolved?: string } {
  const file = files.find((each) => each.path === "package.json");
  try {
    const { name, version } = JSON.parse(file?.bytes.toString("utf8") ?? "{}");
    return typeof name === "string" && typeof version === "string" ? { resolved: `${name}@${version}` } : {};
  } catch {
    return {};
  }
}
