import { platformError } from "@plinth/module";
import type { Authorizer } from "./authorizer.ts";

/** The one authorizer of a platform, which counts only while the module that installed it is running. */
export class InstalledAuthorizer {
  #installed: { readonly module: string; readonly authorizer: Authorizer } | undefined;
  #running = false;

  /** The authorizer that decides now. */
  get current(): Authorizer | undefined {
    return this.#running ? this.#installed?.authorizer : undefined;
  }

  install(module: string, authorizer: Authorizer): void {
    const first = this.#installed?.module;
    if (first !== undefined && first !== module) {
      throw platformError("PERMISSION_AUTHORIZER_TWICE", { first, second: module });
    }
    this.#installed = { module, authorizer };
  }

  moduleRuns(module: string): void {
    if (this.#installed?.module === module) this.#running = true;
  }

  /** Forgets what `module` installed, so that it, or another, may install one again. */
  moduleStops(module: string): void {
    if (this.#installed?.module !== module) return;
    this.#installed = undefined;
    this.#running = false;
  }
}
