import { realpathSync } from "node:fs";
import path from "node:path";
import { findManifests, type PatternPlace } from "../manifest/find-manifests.ts";
import type { ManifestSchema } from "../manifest/manifest-schema.ts";
import { readManifests } from "../manifest/read-manifests.ts";
import type { RegisteredModule } from "../plan/boot-plan.ts";
import type { FoundModules, ModuleSource } from "./module-source.ts";

/** The folders that a directory source looks into. */
export interface ModuleFolders {
  /** Absolute. */
  readonly root: string;
  /** As {@link findManifests} takes them; asked for again with each look. */
  patterns(): readonly string[];
  /** Where a pattern was written, for what is wrong with it. */
  readonly placeOf?: PatternPlace;
  /** Whether a pattern may find nothing, as its modules are compiled in. Default: none may. */
  readonly mayBeEmpty?: (pattern: string) => boolean;
}

const none: ReadonlySet<string> = new Set();

/** Modules in folders that hold a `module.yaml`. */
export function directorySource({ root, patterns, placeOf, mayBeEmpty }: ModuleFolders): ModuleSource {
  return {
    kind: "directory",
    find(schema: ManifestSchema, known: ReadonlySet<string> = none): FoundModules {
      const found = findManifests(root, patterns(), placeOf, mayBeEmpty);
      const unread = (file: string) => !known.has(realFolder(path.dirname(file)));
      const files = known.size === 0 ? found.files : found.files.filter(unread);
      const { manifests, problems, refused } = readManifests(files, schema);
      const modules = manifests.map(
        (manifest): RegisteredModule => ({
          manifest,
          source: "directory",
          path: path.dirname(manifest.file ?? root),
          definition: undefined,
        }),
      );
      return { modules, refused, problems: [...found.problems, ...problems] };
    },
  };
}

/** A folder with links followed, so that two names of one can be told; as it is where there is none. */
export function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
