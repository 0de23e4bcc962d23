import { type Dirent, readdirSync } from "node:fs";
import path from "node:path";
import { printable } from "@plinth/kernel";
import { type PlatformError, PlatformErrors, platformError } from "@plinth/module";
import { defaultLimits } from "../archive/limits.ts";
import { checkPaths } from "../files/check-paths.ts";
import type { PluginFile } from "../files/plugin-file.ts";
import { kindOf, readPlainFile } from "../verify/read-plain-file.ts";

/**
 * The files of a folder without a package.json: all but hidden ones and `node_modules`.
 *
 * @throws PlatformErrors for links and the like, for names that a plugin must not have, and for too much of it.
 */
export function readFolder(folder: string): readonly PluginFile[] {
  const files: PluginFile[] = [];
  const problems: PlatformError[] = [];
  const at = [{ file: folder }];
  const waiting = [""];
  let total = 0;
  for (let inside = waiting.pop(); inside !== undefined; inside = waiting.pop()) {
    for (const entry of entriesOf(path.join(folder, inside))) {
      const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(name);
      else if (!entry.isFile()) {
        const file = path.join(folder, name);
        const values = { path: `"${printable(name)}"`, kind: kindOf(entry) };
        problems.push(platformError("PLUGIN_ENTRY_KIND", values, { at: [{ file }] }));
      } else {
        const bytes = read(path.join(folder, name));
        total += bytes.length;
        if (files.length >= defaultLimits.files || total > defaultLimits.unpackedBytes) throw tooLarge(folder);
        files.push({ path: name, bytes });
      }
    }
  }
  problems.push(
    ...checkPaths(
      files.map((file) => file.path),
      at,
    ),
  );
  if (problems.length > 0) throw new PlatformErrors(problems);
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function read(file: string): Buffer {
  const bytes = readPlainFile(file);
  if (Buffer.isBuffer(bytes)) return bytes;
  throw platformError("PLUGIN_ENTRY_KIND", { path: `"${printable(file)}"`, kind: bytes }, { at: [{ file }] });
}

function tooLarge(folder: string): PlatformError {
  const { files, unpackedBytes } = defaultLimits;
  const reason = `the folder holds more than ${files} files or ${unpackedBytes} bytes`;
  return platformError("PLUGIN_ARCHIVE_LIMIT", { reason }, { at: [{ file: folder }] });
}
