import { platformError } from "@plinth/module";
import type { Authorizer } from "./authorizer.ts";

/** The one authorizer of a platform, which counts only while the module that installed it is running. */
export class InstalledAuthorizer {
  #installed: { readonly module: string; readonly authorizer: Authorizer } | undefined;
  readonly #running = new Set<string>();
  #standing: "waiting" | "running" | "gone" = "gone";

  /**
   * The authorizer that decides on `code` now; `undefined` when none was ever installed.
   *
   * @throws PlatformError `PERMISSION_UNDECIDED` while the module that installed it is not running.
   */
  for(code: string): Authorizer | undefined {
    if (this.#installed === undefined) return undefined;
    const { module, authorizer } = this.#installed;
    if (this.#standing !== "running") throw platformError("PERMISSION_UNDECIDED", { code, module });
    return authorizer;
  }

  install(module: string, authorizer: Authorizer): void {
    const first = this.takenFor(module);
    if (first !== undefined) {
      throw platformError("PERMISSION_AUTHORIZER_TWICE", { first, second: module });
    }
    this.#installed = { module, authorizer };
    this.#standing = this.#running.has(module) ? "running" : "waiting";
  }

  /** The module other than this one that has installed an authorizer, if one has. */
  takenFor(module: string): string | undefined {
    const first = this.#installed?.module;
    return first === module || this.#standing === "gone" ? undefined : first;
  }

  moduleRuns(module: string): void {
    this.#running.add(module);
    if (this.#installed?.module === module) this.#standing = "running";
  }

  /** Nothing is decided until the module, or another, installs anew. */
  moduleStops(module: string): void {
    this.#running.delete(module);
    if (this.#installed?.module === module) this.#standing = "gone";
  }
}
