import type { RegisteredModule } from "@plinth/kernel";
import type { Rights } from "@plinth/module";

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
