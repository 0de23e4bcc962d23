import path from "node:path";
import type { FoundModules, ManifestSchema, ModuleSource, RegisteredModule } from "@plinth/kernel";
import { type PlatformError, problemsOf } from "@plinth/module";
import { checksumOf, type LockedPlugin, type PluginsLock } from "../lock/plugins-lock.ts";
import { lockReader } from "../lock/read-lock.ts";
import { pluginsFolder } from "../plugins-folder.ts";
import { checkTrustedKeys } from "../signature/check-trusted-keys.ts";
import { strangersIn } from "../verify/verify-plugins.ts";
import type { PluginModule } from "./plugin-module.ts";
import type { PluginSettings } from "./plugin-settings.ts";
import { readPlugin } from "./read-plugin.ts";
import { type Snapshot, Snapshots } from "./snapshots.ts";

/** Where plugins are, and whom the platform believes. */
export interface PluginSourceOptions {
  /** The folder of platform.yaml, absolute. */
  readonly root: string;
  /** The settings as they are now; asked for each time. */
  readonly settings: () => PluginSettings;
  /** Whether a folder that is not in the lock is a problem, and not only worth a remark. Default: `NODE_ENV` is `production`. */
  readonly production?: boolean;
  /**
   * Whether the modules that are found will run. `true`: their paths are copies of the checked files that
   * only this process uses. `false`: they are looked at where they are, and nothing is written.
   */
  readonly willRun: boolean;
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
  const readLock = lockReader(options.root);
  const snapshots = new Snapshots(options.root);
  const known = new Map<string, { readonly module: PluginModule; readonly snapshot: Snapshot | undefined }>();

  function look({ plugins, folder, settings, ...installed }: Installed, schema: ManifestSchema): FoundPlugins {
    const modules: PluginModule[] = [];
    const problems = [...installed.problems];
    const notices = [...installed.notices];
    const refused: string[] = [];
    for (const plugin of plugins) {
      const place = { root: options.root, folder: path.join(folder, plugin.folder) };
      const id = checksumOf(plugin);
      const before = known.get(id);
      const copies = before === undefined && options.willRun ? snapshots : undefined;
      const read = readPlugin(plugin, place, settings, schema, copies);
      problems.push(...read.problems);
      if (read.notice !== undefined) notices.push(read.notice);
      if (read.module === undefined) refused.push(plugin.name);
      else if (before !== undefined) modules.push(before.module);
      else {
        known.set(id, { module: read.module, snapshot: read.snapshot });
        modules.push(read.module);
      }
    }
    return { modules, refused, problems, notices };
  }

  return {
    kind: "plugin",
    find(schema) {
      for (let attempt = 1; ; attempt += 1) {
        const installed = readInstalled(options, readLock);
        const found = look(installed, schema);
        const isFine = found.problems.length === 0 && found.notices.length === 0;
        if (isFine || attempt === 3 || isSame(installed, readInstalled(options, readLock))) return found;
        // While we looked, somebody put other plugins in place of these.
      }
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
  readonly settings: PluginSettings;
  readonly folder: string;
  readonly plugins: readonly LockedPlugin[];
  readonly problems: readonly PlatformError[];
  readonly notices: readonly PlatformError[];
}

/** What the lock says, and what is there without being in it. */
function readInstalled(
  { root, settings: ask, production }: PluginSourceOptions,
  readLock: () => PluginsLock,
): Installed {
  const settings = ask();
  const keys = checkTrustedKeys(settings.trustedKeys, root);
  try {
    const folder = pluginsFolder(root, settings.folder);
    const { plugins } = readLock();
    const strangers = strangersIn(folder, root, plugins);
    const isProblem = production ?? process.env.NODE_ENV === "production";
    const problems = isProblem ? [...keys, ...strangers] : keys;
    return { settings, folder, plugins, problems, notices: isProblem ? [] : strangers };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { settings, folder: root, plugins: [], problems: [...keys, ...problems], notices: [] };
  }
}

function isSame(one: Installed, other: Installed): boolean {
  const texts = ({ plugins, problems, notices }: Installed) =>
    [...plugins.map(checksumOf), ...[...problems, ...notices].map(({ message }) => message)].join("\n");
  return texts(one) === texts(other);
}
