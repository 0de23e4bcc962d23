import { readMigrations } from "@plinth/database";
import type { RegisteredModule } from "@plinth/kernel";
import type { Dependency } from "@plinth/module";
import { fullCode } from "@plinth/permissions";

/** A module as `modules list --json` shows it. */
export interface ListedModule {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly Dependency[];
  /** Full codes, in the order of the manifest. */
  readonly permissions: readonly string[];
  /** Names of files, in the order in which they run. */
  readonly migrations: readonly string[];
  readonly source: RegisteredModule["source"];
  /** The module's folder, absolute. */
  readonly path: string | null;
}

/** What `modules list` shows of a module. Reads the folder of its migrations, none of its code. */
export function listedModule(module: RegisteredModule): ListedModule {
  const { manifest, source, path: folder } = module;
  const { permissions } = manifest.sections;
  return {
    name: manifest.name,
    version: manifest.version,
    dependencies: manifest.dependencies,
    permissions: Object.keys(permissions ?? {}).map((code) => fullCode(manifest.name, code)),
    migrations: migrationsOf(module),
    source,
    path: folder ?? null,
  };
}

/** What is wrong with migrations is for `modules validate` to say. */
function migrationsOf({ manifest, path: root, files }: RegisteredModule): string[] {
  const { name, file, sections } = manifest;
  const { migrations: folder } = sections;
  if (typeof folder !== "string") return [];
  return readMigrations({ module: name, root, files, folder, manifest: file }).files.map((each) => each.name);
}
