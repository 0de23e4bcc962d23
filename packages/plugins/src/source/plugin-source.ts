import path from "node:path";
import type { FoundModules, ManifestSchema, ModuleSource, RegisteredModule } from "@plinth/kernel";
import { manifestFileName, readManifests } from "@plinth/kernel";
import { type Manifest, type PlatformError, platformError, problemsOf } from "@plinth/module";
import type { PluginFile } from "../files/plugin-file.ts";
import { checksumOf, type LockedPlugin, lockFileName } from "../lock/plugins-lock.ts";
import { readLock } from "../lock/read-lock.ts";
import { pluginsFolder } from "../plugins-folder.ts";
import { relocated } from "../relocated.ts";
import type { Rights } from "../rights.ts";
import { checkTrustedKeys } from "../signature/check-trusted-keys.ts";
import { judgeSignature, type SignaturePolicy } from "../signature/judge-signature.ts";
import { signatureFileName } from "../signature/signature-file.ts";
import { verifyFolder } from "../verify/verify-folder.ts";
import { strangersIn } from "../verify/verify-plugins.ts";
import { type Snapshot, Snapshots } from "./snapshots.ts";

/** Where plugins are, and whom the platform believes. */
export interface PluginSourceOptions extends SignaturePolicy {
  /** The folder of platform.yaml, absolute. */
  readonly root: string;
  /** The folder of plugins, relative to the root. */
  readonly folder: string;
  /** Whether a folder that is not in the lock is a problem, and not only worth a remark. Default: `NODE_ENV` is `production`. */
  readonly production?: boolean;
  /**
   * Whether the modules that are found will run. `true`: their paths are copies of the checked files that
   * only this process uses. `false`: they are looked at where they are, and nothing is written.
   */
  readonly willRun: boolean;
}

/** A module that was installed as a plugin; all its files are as they were then. */
export interface PluginModule extends RegisteredModule {
  readonly source: "plugin";
  /** The folder that its code runs from, absolute. */
  readonly path: string;
  readonly plugin: {
    readonly integrity: string;
    /** What was granted to it. */
    readonly rights: Rights;
    /** The key of its signature, base64; `undefined` for one that is not signed. */
    readonly signedBy: string | undefined;
    readonly isTrusted: boolean;
    /** Where it is installed, absolute. */
    readonly folder: string;
  };
}

/** What there is of plugins. */
export interface FoundPlugins extends FoundModules {
  /** Sorted by name. A plugin that has not changed since the last time is the very same object. */
  readonly modules: readonly PluginModule[];
  /** What is worth saying though nothing is refused. */
  readonly notices: readonly PlatformError[];
}

/** Finds the modules that were installed as plugins. */
export interface PluginSource extends ModuleSource {
  readonly kind: "plugin";
  find(schema: ManifestSchema): FoundPlugins;
  /** Lets go of the copy that the module runs from; to be called when it has stopped for good. */
  release(module: Pick<RegisteredModule, "path">): void;
  /** Lets go of all copies. */
  close(): void;
}

/**
 * The source of modules that were installed after the build. Every file of every plugin is held against
 * plugins.lock, and every signature against the trusted keys, before anything of the plugin is imported.
 * A plugin in which anything differs is refused as a whole.
 */
export function pluginSource(options: PluginSourceOptions): PluginSource {
  const snapshots = new Snapshots(options.root);
  const known = new Map<string, { readonly module: PluginModule; readonly snapshot: Snapshot | undefined }>();
  return {
    kind: "plugin",
    find(schema) {
      const modules: PluginModule[] = [];
      const problems: PlatformError[] = [];
      const notices: PlatformError[] = [];
      const refused: string[] = [];
      const installed = readInstalled(options);
      problems.push(...installed.problems);
      notices.push(...installed.notices);
      for (const plugin of installed.plugins) {
        const place = path.join(installed.folder, plugin.folder);
        const id = checksumOf(plugin);
        const before = known.get(id);
        const read = readPlugin(plugin, place, options, schema, before === undefined ? snapshots : undefined);
        problems.push(...read.problems);
        if (read.notice !== undefined) notices.push(read.notice);
        if (read.problems.length > 0) refused.push(plugin.name);
        else if (before !== undefined) modules.push(before.module);
        else if (read.module !== undefined) {
          known.set(id, { module: read.module, snapshot: read.snapshot });
          modules.push(read.module);
        }
      }
      return { modules, refused, problems, notices };
    },
    release({ path: folder }) {
      for (const [id, { module, snapshot }] of known) {
        if (module.path !== folder) continue;
        known.delete(id);
        snapshot?.remove();
      }
    },
    close() {
      known.clear();
      snapshots.close();
    },
  };
}

interface Installed {
  readonly folder: string;
  readonly plugins: readonly LockedPlugin[];
  readonly problems: readonly PlatformError[];
  readonly notices: readonly PlatformError[];
}

/** What the lock says, and what is there without being in it. */
function readInstalled(options: PluginSourceOptions): Installed {
  const { root, folder: name, trustedKeys, production = process.env.NODE_ENV === "production" } = options;
  const keys = checkTrustedKeys(trustedKeys, root);
  try {
    const folder = pluginsFolder(root, name);
    const { plugins } = readLock(root);
    const strangers = strangersIn(folder, root, plugins);
    return {
      folder,
      plugins,
      problems: production ? [...keys, ...strangers] : keys,
      notices: production ? [] : strangers,
    };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { folder: root, plugins: [], problems: [...keys, ...problems], notices: [] };
  }
}

interface ReadPlugin {
  readonly module?: PluginModule;
  readonly snapshot?: Snapshot | undefined;
  readonly notice?: PlatformError | undefined;
  readonly problems: readonly PlatformError[];
}

/** @param snapshots `undefined` where the module is known already, so that only its files are looked at. */
function readPlugin(
  plugin: LockedPlugin,
  place: string,
  options: PluginSourceOptions,
  schema: ManifestSchema,
  snapshots: Snapshots | undefined,
): ReadPlugin {
  let snapshot: Snapshot | undefined;
  try {
    if (options.willRun) snapshot = snapshots?.begin(`${plugin.name}@${plugin.version}`);
    let signature: Buffer | undefined;
    const differences = verifyFolder(place, plugin, (file: PluginFile) => {
      if (file.path === signatureFileName) signature = file.bytes;
      snapshot?.add(file);
    });
    const lock = path.join(options.root, lockFileName);
    const { problem, notice, signedBy, isTrusted } =
      differences.length > 0 ? unjudged : judgeSignature(plugin, signature, options, [{ file: lock }]);
    const problems = [...differences, ...(problem === undefined ? [] : [problem])];
    if (problems.length > 0 || snapshots === undefined) {
      snapshot?.remove();
      return { problems, notice };
    }
    const folder = snapshot?.folder ?? place;
    const read = readManifest(plugin, place, folder, schema);
    if (!("manifest" in read)) {
      snapshot?.remove();
      return { problems: read.problems, notice };
    }
    const { integrity, rights } = plugin;
    const module: PluginModule = {
      manifest: read.manifest,
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

const unjudged = { problem: undefined, notice: undefined, signedBy: undefined, isTrusted: false };

/** The manifest as it is in the copy; its place is the one where people find it. */
function readManifest(
  { name, version }: LockedPlugin,
  place: string,
  copy: string,
  schema: ManifestSchema,
): { readonly manifest: Manifest } | { readonly problems: readonly PlatformError[] } {
  const file = path.join(place, manifestFileName);
  const { manifests, problems } = readManifests([path.join(copy, manifestFileName)], schema);
  const [manifest] = manifests;
  if (manifest === undefined) {
    return {
      problems: problems.map((problem) => relocated(problem, (found) => path.join(place, path.relative(copy, found)))),
    };
  }
  if (manifest.name !== name || manifest.version !== version) {
    const found = `"${manifest.name}" version ${manifest.version}`;
    return { problems: [platformError("PLUGIN_MANIFEST_OTHER", { plugin: name, version, found }, { at: [{ file }] })] };
  }
  return { manifest: { ...manifest, file } };
}
