import type { FoundModules, ManifestSchema, ModuleSource } from "@plinth/kernel";
import type { ModuleDefinition } from "@plinth/module";
import { checkStatic } from "../compiled-in.ts";
import type { StaticModule } from "../options.ts";

/** Modules that are compiled into the program. They are checked once, as they cannot change. */
export function staticSource(modules: readonly (StaticModule | ModuleDefinition)[]): ModuleSource {
  let found: FoundModules | undefined;
  return {
    kind: "static",
    find(schema: ManifestSchema) {
      if (found === undefined) {
        const checked = modules.map((module) => checkStatic(module, schema));
        found = {
          modules: checked.flatMap(({ module }) => module ?? []),
          refused: [],
          problems: checked.flatMap(({ problems }) => problems),
        };
      }
      return found;
    },
  };
}
