import { type PlatformError, PlatformErrors, platformError, type SourceLocation } from "@plinth/module";
import { contentIntegrity } from "../integrity/content.ts";
import { formatLock } from "./format-lock.ts";
import {
  checksumOf,
  type LockEntry,
  type LockedPlugin,
  lockFormat,
  lockSchema,
  type PluginsLock,
} from "./plugins-lock.ts";

/**
 * What plugins.lock says. Everything in it is held against its checksums, and a text that `formatLock`
 * would not have written is refused, so that no change goes unnoticed.
 *
 * @throws PlatformErrors `PLUGIN_LOCK_INVALID`, `PLUGIN_LOCK_NEWER` or, for each entry concerned, `PLUGIN_LOCK_CHANGED`.
 */
export function parseLock(written: string, file: string): PluginsLock {
  // Version control may write the line ends of its system.
  const text = written.replaceAll("\r\n", "\n");
  const data = parseJson(text, file);
  const parsed = lockSchema.safeParse(data);
  if (!parsed.success) {
    const format = (data as { readonly format?: unknown } | null)?.format;
    if (typeof format === "number" && Number.isInteger(format) && format > lockFormat) {
      throw refusal([platformError("PLUGIN_LOCK_NEWER", { found: format, known: lockFormat }, { at: [{ file }] })]);
    }
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join(".") || "it"} has another form`, file);
  }
  const plugins = Object.entries(parsed.data.plugins).map(([name, entry]) => ({
    name,
    entry,
    plugin: pluginOf(name, entry),
  }));
  const changed = plugins.filter(({ entry, plugin }) => entry.checksum !== checksumOf(plugin) || !isConsistent(plugin));
  if (changed.length > 0) {
    throw refusal(
      changed.map(({ name }) =>
        platformError("PLUGIN_LOCK_CHANGED", { plugin: name }, { at: [entryPlace(text, file, name)] }),
      ),
    );
  }
  const lock = { plugins: plugins.map(({ plugin }) => plugin) };
  if (formatLock(lock) !== text) throw invalid("order, spaces or repeated keys differ", file);
  return lock;
}

/** The place of a plugin's entry in the text of the lock. */
export function entryPlace(text: string, file: string, name: string): SourceLocation {
  const offset = text.indexOf(`\n    "${name}": {`);
  return offset === -1 ? { file } : { file, line: text.slice(0, offset + 1).split("\n").length, column: 5 };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid("it is no JSON", file, cause);
  }
}

function pluginOf(name: string, { checksum: _, ...entry }: LockEntry): LockedPlugin {
  const { signedBy, source, ...rest } = entry;
  const { resolved, integrity, ...origin } = source;
  return {
    name,
    ...rest,
    source: {
      ...origin,
      ...(resolved === undefined ? {} : { resolved }),
      ...(integrity === undefined ? {} : { integrity }),
    },
    ...(signedBy === undefined ? {} : { signedBy }),
  };
}

/** Whether the hash of the whole is that of the files that are listed, and the folder is named for the plugin. */
function isConsistent({ name, version, folder, integrity, files }: LockedPlugin): boolean {
  return (
    contentIntegrity(files) === integrity &&
    (folder === `${name}@${version}` || folder.startsWith(`${name}@${version}_`))
  );
}

function invalid(reason: string, file: string, cause?: unknown): PlatformErrors {
  return refusal([platformError("PLUGIN_LOCK_INVALID", { reason }, { at: [{ file }], cause })]);
}

function refusal(problems: readonly PlatformError[]): PlatformErrors {
  return new PlatformErrors(problems);
}
