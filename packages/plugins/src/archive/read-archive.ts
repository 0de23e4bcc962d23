import { printable } from "@plinth/kernel";
import { type PlatformError, PlatformErrors, platformError, type SourceLocation } from "@plinth/module";
import { checkPaths } from "../files/check-paths.ts";
import type { PluginFile } from "../files/plugin-file.ts";
import { gunzip } from "./gunzip.ts";
import { type ArchiveLimits, defaultLimits } from "./limits.ts";
import { type TarEntry, TarError, tarEntries } from "./tar-entries.ts";

const plain: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile"]);

const kinds: Readonly<Record<string, string>> = {
  Link: "a hard link",
  SymbolicLink: "a symbolic link",
  NextFileHasLongLinkpath: "a link",
  CharacterDevice: "a device",
  BlockDevice: "a device",
  FIFO: "a pipe",
};

/**
 * The files of a plugin's archive, in memory: nothing is written. Where all of them are in one folder, as
 * in what npm packs, their paths begin below it.
 *
 * @param file where the archive is, for errors.
 * @throws PlatformErrors with everything that is wrong with it.
 */
export function readArchive(bytes: Buffer, file: string, limits: ArchiveLimits = defaultLimits): readonly PluginFile[] {
  const at = [{ file }];
  const content = gunzip(bytes, limits, at);
  const { files, folders, problems } = collect(content, limits, at);
  const paths = [...folders, ...files.map(({ path }) => path)];
  const all = [...problems, ...checkPaths(paths, at)];
  if (all.length > 0) throw new PlatformErrors(all);
  const top = commonFolder(paths);
  return files.map(({ path, bytes }) => ({ path: path.slice(top.length), bytes }));
}

function collect(content: Buffer, limits: ArchiveLimits, at: readonly SourceLocation[]) {
  const files: PluginFile[] = [];
  const folders = new Set<string>();
  const problems: PlatformError[] = [];
  let total = 0;
  for (const { path, type, bytes } of entriesOf(content, at)) {
    total += bytes.length;
    const count = files.length + folders.size + problems.length;
    if (count >= limits.files) throw limit(`it has more than ${limits.files} entries`, at);
    if (total > limits.unpackedBytes) throw limit(`it would unpack to more than ${limits.unpackedBytes} bytes`, at);
    if (type === "Directory") folders.add(path.replace(/\/$/, ""));
    else if (plain.has(type)) files.push({ path, bytes });
    else {
      const kind = kinds[type] ?? "neither a file nor a folder";
      problems.push(platformError("PLUGIN_ENTRY_KIND", { path: `"${printable(path)}"`, kind }, { at }));
    }
  }
  return { files, folders: emptyOnes(folders, files), problems };
}

function* entriesOf(content: Buffer, at: readonly SourceLocation[]): Generator<TarEntry> {
  try {
    yield* tarEntries(content);
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    throw platformError("PLUGIN_ARCHIVE_UNREADABLE", { reason: cause.message }, { at, cause });
  }
}

/** Only folders without files say something that the names of the files do not. */
function emptyOnes(folders: ReadonlySet<string>, files: readonly PluginFile[]): readonly string[] {
  const filled = new Set<string>();
  for (const { path } of files) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) filled.add(path.slice(0, end));
  }
  return [...folders].filter((folder) => !filled.has(folder));
}

/** `package/` where everything is in the folder `package`; `""` where the manifest stands at the top. */
function commonFolder(paths: readonly string[]): string {
  const top = paths[0]?.split("/", 1)[0] ?? "";
  return paths.every((path) => path.startsWith(`${top}/`)) ? `${top}/` : "";
}

function limit(reason: string, at: readonly SourceLocation[]): PlatformError {
  return platformError("PLUGIN_ARCHIVE_LIMIT", { reason }, { at });
}
