import { checkManifest, createManifestSchema, createRegistry, type ModuleRegistry } from "@plinth/kernel";
import type { ManifestInput, ModuleDefinition } from "@plinth/module";

/** A module as `modules.gen.ts` lists it. */
export interface Listed {
  readonly manifest: ManifestInput<unknown>;
  readonly definition: ModuleDefinition;
}

/** Checks modules that are compiled in, as the platform does, and registers them. */
export function registerListed(modules: readonly Listed[]): ModuleRegistry {
  const registry = createRegistry({ hostVersion: "1.0.0" });
  const schema = createManifestSchema([]);
  for (const { manifest: listed, definition } of modules) {
    const { manifest, problems } = checkManifest(listed, schema);
    if (manifest === undefined) throw problems[0];
    registry.register({ manifest, source: "static", path: undefined, definition });
  }
  return registry;
}
