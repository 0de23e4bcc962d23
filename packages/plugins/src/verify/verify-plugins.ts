import path from "node:path";
import { type PlatformError, platformError } from "@plinth/module";
import type { PluginsPlace } from "../install/change.ts";
import { type LockedPlugin, lockFileName } from "../lock/plugins-lock.ts";
import { readLock } from "../lock/read-lock.ts";
import { otherFolders, pluginsFolder, readJournal } from "../plugins-folder.ts";
import { judgeSignature, type SignaturePolicy } from "../signature/judge-signature.ts";
import { signatureFileName } from "../signature/signature-file.ts";
import { verifyFolder } from "./verify-folder.ts";

/** What was found of one plugin. */
export interface VerifiedPlugin {
  readonly plugin: LockedPlugin;
  readonly isTrusted: boolean;
  /** Empty when it is as it was installed and its signature is as the platform wants it. */
  readonly problems: readonly PlatformError[];
  readonly notice: PlatformError | undefined;
}

/** What was found of all plugins. */
export interface VerifiedPlugins {
  readonly plugins: readonly VerifiedPlugin[];
  /** Folders that are not in the lock. */
  readonly strangers: readonly PlatformError[];
}

/**
 * Looks at every file of every plugin. Nothing is imported or written.
 *
 * @throws what `readLock` and `pluginsFolder` throw.
 */
export function verifyPlugins(place: PluginsPlace & SignaturePolicy): VerifiedPlugins {
  const folder = pluginsFolder(place.root, place.folder);
  const { plugins } = readLock(place.root);
  return {
    plugins: plugins.map((plugin) => verifyPlugin(plugin, path.join(folder, plugin.folder), place)),
    strangers: strangersIn(folder, place.root, plugins),
  };
}

/** Folders of plugins that nobody has installed. */
export function strangersIn(folder: string, root: string, plugins: readonly LockedPlugin[]): readonly PlatformError[] {
  const expected = new Set([...plugins.map((plugin) => plugin.folder), ...readJournal(folder)]);
  return otherFolders(folder, expected).map((name) => {
    const file = path.join(folder, name);
    return platformError("PLUGIN_NOT_LOCKED", { folder: path.relative(root, file) }, { at: [{ file }] });
  });
}

function verifyPlugin(plugin: LockedPlugin, folder: string, place: PluginsPlace & SignaturePolicy): VerifiedPlugin {
  let signature: Buffer | undefined;
  const problems = verifyFolder(folder, plugin, (file) => {
    if (file.path === signatureFileName) signature = file.bytes;
  });
  if (problems.length > 0) return { plugin, isTrusted: false, problems, notice: undefined };
  const at = [{ file: path.join(place.root, lockFileName) }];
  const { problem, notice, isTrusted } = judgeSignature(plugin, signature, place, at);
  return { plugin, isTrusted, problems: problem === undefined ? [] : [problem], notice };
}
