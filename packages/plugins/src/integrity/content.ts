import type { PluginFile } from "../files/plugin-file.ts";
import { signatureFileName } from "../signature/signature-file.ts";
import { integrityOf } from "./integrity.ts";

/** The hashes of a plugin's files by their paths, sorted. */
export type FileHashes = Readonly<Record<string, string>>;

/** Hashes all files of a plugin. */
export function hashFiles(files: readonly PluginFile[]): FileHashes {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return Object.fromEntries(sorted.map(({ path, bytes }) => [path, integrityOf(bytes)]));
}

/**
 * The hash of a plugin as a whole: of a text with a line for each file, sorted by path, which holds its
 * hash and its path. The signature is left out, so that signing changes nothing of what is signed. No
 * path contains a line break.
 */
export function contentIntegrity(hashes: FileHashes): string {
  const lines = Object.keys(hashes)
    .filter((path) => path !== signatureFileName)
    .sort()
    .map((path) => `${hashes[path]} ${path}\n`);
  return integrityOf(lines.join(""));
}
