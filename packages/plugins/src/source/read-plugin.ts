import path from "node:path";
import { type ManifestSchema, manifestFileName, readManifests } from "@plinth/kernel";
import { type Manifest, type PlatformError, PlatformErrors, platformError, problemsOf } from "@plinth/module";
import type { PluginFile } from "../files/plugin-file.ts";
import { type LockedPlugin, lockFileName } from "../lock/plugins-lock.ts";
import { relocated } from "../relocated.ts";
import { judgeSignature, type SignaturePolicy } from "../signature/judge-signature.ts";
import { signatureFileName } from "../signature/signature-file.ts";
import { verifyFolder } from "../verify/verify-folder.ts";
import type { PluginModule } from "./plugin-module.ts";
import type { Snapshot, Snapshots } from "./snapshots.ts";

/** One plugin of the lock, checked and read, or why not. */
export interface ReadPlugin {
  /** `undefined` where there are problems. */
  readonly module?: PluginModule;
  readonly snapshot?: Snapshot | undefined;
  readonly notice?: PlatformError | undefined;
  readonly problems: readonly PlatformError[];
}

/**
 * Checks all files of a plugin, its signature and its manifest. Never throws for what is wrong with it.
 *
 * @param snapshots where the files are copied to; `undefined` where the module stays where it is.
 */
export function readPlugin(
  plugin: LockedPlugin,
  { root, folder: place }: { readonly root: string; readonly folder: string },
  policy: SignaturePolicy,
  schema: ManifestSchema,
  snapshots: Snapshots | undefined,
): ReadPlugin {
  let snapshot: Snapshot | undefined;
  try {
    snapshot = snapshots?.begin(`${plugin.name}@${plugin.version}`);
    let signature: Buffer | undefined;
    const differences = verifyFolder(place, plugin, (file: PluginFile) => {
      if (file.path === signatureFileName) signature = file.bytes;
      snapshot?.add(file);
    });
    if (differences.length > 0) throw new PlatformErrors(differences);
    const { problem, notice, signedBy, isTrusted } = judgeSignature(plugin, signature, policy, [
      { file: path.join(root, lockFileName) },
    ]);
    if (problem !== undefined) throw problem;
    const folder = snapshot?.folder ?? place;
    const manifest = readManifest(plugin, place, folder, schema);
    const { integrity, rights } = plugin;
    const module: PluginModule = {
      manifest,
      source: "plugin",
      path: folder,
      definition: undefined,
      plugin: { integrity, rights, signedBy, isTrusted, folder: place },
    };
    return { module, snapshot, notice, problems: [] };
  } catch (thrown) {
    snapshot?.remove();
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { problems };
  }
}

/**
 * The manifest as it is in the copy; its place is the one where people find it.
 *
 * @throws PlatformErrors with what is wrong with it, or PlatformError `PLUGIN_MANIFEST_OTHER`.
 */
function readManifest({ name, version }: LockedPlugin, place: string, copy: string, schema: ManifestSchema): Manifest {
  const file = path.join(place, manifestFileName);
  const { manifests, problems } = readManifests([path.join(copy, manifestFileName)], schema);
  const [manifest] = manifests;
  if (manifest === undefined) {
    const whereInstalled = (found: string) => path.join(place, path.relative(copy, found));
    throw new PlatformErrors(problems.map((problem) => relocated(problem, whereInstalled)));
  }
  if (manifest.name !== name || manifest.version !== version) {
    const found = `"${manifest.name}" version ${manifest.version}`;
    throw platformError("PLUGIN_MANIFEST_OTHER", { plugin: name, version, found }, { at: [{ file }] });
  }
  return { ...manifest, file };
}
