import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { entryOf, type LoadCode, type RegisteredModule } from "@plinth/kernel";
import { noRights, type PlatformError, platformError, silentLogger, systemClock } from "@plinth/module";
import type { Description } from "./channel/protocol.ts";
import { environmentFor } from "./host/environment.ts";
import { KeptCode } from "./host/kept-code.ts";
import { ModuleProcess } from "./host/module-process.ts";
import { nodeArguments, nodeOptions } from "./host/node-arguments.ts";
import { readableFolders } from "./host/readable.ts";
import { entryOfRemote } from "./host/remote-entry.ts";
import { IsolatedModule } from "./isolated-module.ts";
import { defaultIsolationLimits, type IsolationLimits } from "./limits.ts";
import type { IsolationOptions } from "./options.ts";
import { canDenyNetwork } from "./rights.ts";
import type { IsolationSection } from "./section.ts";

/**
 * Loads a module in a process of its own. The definition that it gives stands for the module in the
 * host; the module's own code never gets there. Each call of the result is one module: it starts a
 * process at once, and starts others as often as the module is started again.
 *
 * The loading rejects with `LOAD_IMPORT_FAILED` and the other errors of an import, with
 * `ISOLATION_IMPORT_TIMEOUT`, or with what the process ended of; no process is left then.
 */
export function isolatedCode(module: RegisteredModule, options: IsolationOptions = {}): LoadCode {
  const { name, version } = module.manifest;
  return async (signal) => {
    if (module.path === undefined) throw platformError("ISOLATION_NO_FOLDER", { module: name });
    const folder = module.path;
    const entry = entryOf(module);
    if (entry === undefined) return { definition: undefined };
    const { remotes = [], rights = noRights, env = process.env, clock = systemClock } = options;
    const { log = silentLogger, childEntry = ownChildEntry(), root = folder } = options;
    const cache = options.compileCache === undefined ? undefined : path.join(options.compileCache, name);
    const limits = limitsOf(module, options.limits);
    const entries = remotes.flatMap((remote) => entryOfRemote(remote) ?? []).map((url) => fileURLToPath(url));
    const kept = options.keepIn === undefined ? undefined : new KeptCode(folder, options.keepIn);
    /** Where the code of the process that was started last is. */
    let home = folder;
    const started = () => ({
      read: [
        ...readableFolders(home, [childEntry, ...entries]),
        ...rights.read.flatMap((place) => withAllInIt(path.resolve(root, place))),
      ],
      write: [...rights.write, ...(cache === undefined ? [] : [cache])].flatMap((place) =>
        withAllInIt(path.resolve(root, place)),
      ),
      memoryMb: limits.memoryMb,
      inherited: [...nodeOptions(env.NODE_OPTIONS), ...process.execArgv, ...fromSource(childEntry)],
    });
    let { network } = rights;
    const isolated = new IsolatedModule({
      module: { name, version },
      remotes,
      log,
      exitMs: limits.exitMs,
      spawn: (listener) => {
        home = kept?.place() ?? folder;
        return new ModuleProcess({
          module: { name, version },
          childEntry,
          nodeArguments: nodeArguments({ ...started(), rights: { ...rights, network } }),
          env: { ...environmentFor(rights.env, env), ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
          cwd: home,
          limits,
          clock,
          ...listener,
        });
      },
      suits: (description) => {
        if (network || !canDenyNetwork() || !opensSockets(description, remotes)) return true;
        network = true;
        return false;
      },
      describe: async (process, abort) => {
        const timer = clock.timer(limits.importMs, () => {
          process.kill(platformError("ISOLATION_IMPORT_TIMEOUT", { module: name, limit: limits.importMs }));
        });
        const kill = () => process.kill();
        abort?.addEventListener("abort", kill, { once: true });
        try {
          abort?.throwIfAborted();
          const now = path.join(home, path.relative(folder, entry));
          return checked(name, entry, await imported(process, name, now));
        } catch (error) {
          await process.end();
          abort?.throwIfAborted();
          throw error;
        } finally {
          timer.cancel();
          abort?.removeEventListener("abort", kill);
        }
      },
    });
    return {
      definition: await isolated.load(signal),
      outlivesRestarts: true,
      pid: () => isolated.pid,
      async unload() {
        await isolated.unload();
        kept?.remove();
      },
    };
  };
}

/** The default of {@link IsolationOptions.childEntry}. */
function ownChildEntry(): string {
  return fileURLToPath(import.meta.resolve("@plinth/isolation/child"));
}

/** A grant as Node wants it: a folder that is only made later is not known to be one when the process starts. */
function withAllInIt(place: string): readonly string[] {
  return [place, path.join(place, "*")];
}

/** A process that begins with a source of this repository needs the sources of the other packages too. */
function fromSource(childEntry: string): readonly string[] {
  return childEntry === ownChildEntry() && childEntry.endsWith(".ts") ? ["--conditions=plinth-source"] : [];
}

function limitsOf({ manifest }: RegisteredModule, given: Partial<IsolationLimits> = {}): IsolationLimits {
  const { memory, heartbeat } = (manifest.sections.isolation ?? {}) as Partial<IsolationSection>;
  return {
    ...defaultIsolationLimits,
    ...(memory === undefined ? {} : { memoryMb: memory }),
    ...(heartbeat === undefined ? {} : { heartbeatMs: heartbeat }),
    ...given,
  };
}

/** Whether one of the platform's services that the module uses works with sockets in the module's process. */
function opensSockets({ requires, optional }: Description, remotes: NonNullable<IsolationOptions["remotes"]>): boolean {
  const used = [...Object.values(requires), ...Object.values(optional)];
  return remotes.some((remote) => remote.opensSockets === true && used.includes(remote.service.id));
}

async function imported(started: ModuleProcess, module: string, entry: string): Promise<Description | undefined> {
  try {
    return await started.ask("describe", [pathToFileURL(entry).href]);
  } catch (cause) {
    throw started.failure ?? importError(module, entry, cause);
  }
}

function importError(module: string, entry: string, cause: unknown): PlatformError {
  const { message = String(cause), permission, resource } = (cause ?? {}) as Readonly<Record<string, string>>;
  const denied = permission === undefined ? "" : ` (${permission}${resource === undefined ? "" : `: ${resource}`})`;
  return platformError(
    "LOAD_IMPORT_FAILED",
    { module, reason: `${message}${denied}` },
    { at: [{ file: entry }], cause },
  );
}

function checked(module: string, entry: string, description: Description | undefined): Description {
  const at = [{ file: entry }];
  if (description === undefined) throw platformError("LOAD_NO_DEFINITION", { module }, { at });
  const other = description.manifest?.name;
  if (other !== undefined && other !== module) throw platformError("LOAD_NAME_MISMATCH", { module, other }, { at });
  return description;
}
