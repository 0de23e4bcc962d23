import type { Clock, Logger, RemoteService, Rights } from "@plinth/module";
import type { IsolationLimits } from "./limits.ts";

/** How a module is run in a process of its own. */
export interface IsolationOptions {
  /** What the module may do besides running. Default: nothing. */
  readonly rights?: Rights;
  /** Relative paths in `rights` are in this folder, absolute. Default: the module's own folder. */
  readonly root?: string;
  /** Over the defaults, and over what the manifest says. */
  readonly limits?: Partial<IsolationLimits>;
  /** Services that are more than asynchronous methods. */
  // biome-ignore lint/suspicious/noExplicitAny: a list of services of any type
  readonly remotes?: readonly RemoteService<any>[];
  /**
   * The file that the process runs, absolute. Default: `@plinth/isolation/child`. A platform that is
   * bundled into one file must bundle that too, and name it here.
   */
  readonly childEntry?: string;
  /**
   * A folder, absolute, in which Node keeps what it has compiled, so that a process starts sooner the
   * next time: in a fifth of the time where code is TypeScript. Each module has a folder of its own in
   * it, which it can write. Default: nothing is kept.
   */
  readonly compileCache?: string;
  /**
   * A folder, absolute, in which a module's files are laid down as they were when its code was loaded, if
   * it has to be started again and they have changed since. Default: it is started from what is there then.
   */
  readonly keepIn?: string;
  /** The host's environment, of which the process gets what `rights.env` names. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where goes what the process writes while the module is not set up. Default: nowhere. */
  readonly log?: Logger;
  readonly clock?: Clock;
}
