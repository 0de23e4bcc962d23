import type { ModuleSourceKind, PlatformError } from "@plinth/module";
import type { ManifestSchema } from "../manifest/manifest-schema.ts";
import type { RegisteredModule } from "../plan/boot-plan.ts";

/** What a source has found. */
export interface FoundModules {
  readonly modules: readonly RegisteredModule[];
  /** Names of modules that are there but were refused; nobody need report them as missing. */
  readonly refused: readonly string[];
  readonly problems: readonly PlatformError[];
  /** What is worth saying though nothing is refused. Default none. */
  readonly notices?: readonly PlatformError[];
}

/**
 * Where modules come from: compiled in, a folder of modules, plugins that were installed later. A
 * module behaves the same whichever source it comes from.
 */
export interface ModuleSource {
  readonly kind: ModuleSourceKind;
  /**
   * Looks for modules and checks their manifests; may be called again, and finds what is there then.
   * Runs none of their code. Throws nothing for what people wrote: all problems are in the result.
   *
   * @param known real paths of folders whose modules are known already and need not be read. Default none.
   */
  find(schema: ManifestSchema, known?: ReadonlySet<string>): FoundModules;
}
