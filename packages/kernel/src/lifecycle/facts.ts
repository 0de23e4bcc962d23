import type { ModuleFacts } from "@plinth/module";
import type { RegisteredModule } from "../plan/boot-plan.ts";

/** What an extension is told of a module; `key` is the manifest section that it handles. */
export function factsOf(module: RegisteredModule, key: string | undefined): ModuleFacts {
  const { manifest, source, path, files, definition } = module;
  return {
    name: manifest.name,
    version: manifest.version,
    source,
    manifest,
    path,
    ...(files === undefined ? {} : { files }),
    section: key === undefined ? undefined : manifest.sections[key],
    definition,
  };
}
