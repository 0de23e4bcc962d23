import { type Dirent, lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { printable } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import type { PluginFile } from "../files/plugin-file.ts";
import { integrityOf } from "../integrity/integrity.ts";
import type { LockedPlugin } from "../lock/plugins-lock.ts";
import { type FileKind, kindOf, readPlainFile } from "./read-plain-file.ts";

/**
 * Holds everything in a plugin's folder against the lock: each file's bytes, and that nothing is there
 * besides. Modes and times of files do not count.
 *
 * @param folder of the plugin, absolute.
 * @param take gets each file that is as it should be, with the bytes that were looked at.
 * @returns all differences, those of one file by its name; nothing when the folder is as it was installed.
 */
export function verifyFolder(
  folder: string,
  plugin: LockedPlugin,
  take: (file: PluginFile) => void = () => {},
): readonly PlatformError[] {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) {
    return [platformError("PLUGIN_FOLDER_MISSING", { plugin: plugin.name, folder }, { at: [{ file: folder }] })];
  }
  const look = new Look(folder, plugin, take);
  if (stats.isDirectory()) look.folder("");
  else look.wrongKind("", kindOf(stats), "folder");
  return look.problems();
}

/** One look at a folder. */
class Look {
  readonly #root: string;
  readonly #plugin: LockedPlugin;
  readonly #take: (file: PluginFile) => void;
  readonly #folders: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  readonly #problems: PlatformError[] = [];

  constructor(root: string, plugin: LockedPlugin, take: (file: PluginFile) => void) {
    this.#root = root;
    this.#plugin = plugin;
    this.#take = take;
    this.#folders = foldersOf(Object.keys(plugin.files));
  }

  problems(): readonly PlatformError[] {
    if (this.#problems.some(({ code }) => code === "PLUGIN_FILE_KIND" && !this.#seen.size)) return this.#problems;
    const missing = Object.keys(this.#plugin.files).filter((name) => !this.#seen.has(name));
    return [...this.#problems, ...missing.map((name) => this.#problem("PLUGIN_FILE_MISSING", name))];
  }

  /** Only folders that hold something of the plugin are entered: what is in another one was added with it. */
  folder(name: string): void {
    let entries: Dirent[];
    try {
      entries = readdirSync(path.join(this.#root, name), { withFileTypes: true });
    } catch (error) {
      this.#unreadable(name || ".", error);
      return;
    }
    for (const entry of entries) this.#entry(name === "" ? entry.name : `${name}/${entry.name}`, entry);
  }

  #entry(name: string, entry: Dirent): void {
    const isFile = Object.hasOwn(this.#plugin.files, name);
    const isFolder = this.#folders.has(name);
    if (!isFile && !isFolder) {
      this.#problems.push(this.#problem("PLUGIN_FILE_ADDED", name));
      return;
    }
    this.#seen.add(name);
    if (isFolder && entry.isDirectory()) this.folder(name);
    else if (isFile && entry.isFile()) this.#file(name);
    else this.wrongKind(name, kindOf(entry), isFile ? "file" : "folder");
  }

  #file(name: string): void {
    let bytes: Buffer | FileKind;
    try {
      bytes = readPlainFile(path.join(this.#root, name));
    } catch (error) {
      this.#unreadable(name, error);
      return;
    }
    if (!Buffer.isBuffer(bytes)) this.wrongKind(name, bytes, "file");
    else if (integrityOf(bytes) !== this.#plugin.files[name]) {
      this.#problems.push(this.#problem("PLUGIN_FILE_CHANGED", name));
    } else this.#take({ path: name, bytes });
  }

  wrongKind(name: string, kind: FileKind, expected: "file" | "folder"): void {
    const values = { plugin: this.#plugin.name, file: printable(name || this.#plugin.folder), kind, expected };
    this.#problems.push(platformError("PLUGIN_FILE_KIND", values, { at: this.#at(name) }));
  }

  #unreadable(name: string, cause: unknown): void {
    const values = { plugin: this.#plugin.name, file: printable(name), reason: (cause as Error).message };
    this.#problems.push(platformError("PLUGIN_FILE_UNREADABLE", values, { at: this.#at(name), cause }));
  }

  #problem(code: "PLUGIN_FILE_ADDED" | "PLUGIN_FILE_CHANGED" | "PLUGIN_FILE_MISSING", name: string): PlatformError {
    return platformError(code, { plugin: this.#plugin.name, file: printable(name) }, { at: this.#at(name) });
  }

  #at(name: string) {
    return [{ file: path.join(this.#root, name) }];
  }
}

/** All folders on the ways to some files. */
function foldersOf(names: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const name of names) {
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1))
      folders.add(name.slice(0, end));
  }
  return folders;
}
