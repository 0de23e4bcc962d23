import path from "node:path";
import type { RegisteredModule } from "@plinth/kernel";
import { platformError } from "@plinth/module";
import { hostVersion } from "@plinth/platform";
import { ownVersion } from "../own-version.ts";
import type { ModuleHome } from "./module-home.ts";
import type { ModulePlan, PlannedDependency } from "./module-plan.ts";
import { pascalCase } from "./names.ts";
import { publicEntryOf } from "./offered-services.ts";
import { readPackageFile } from "./package-file.ts";
import { relativeTo, schemaFrom } from "./schema-path.ts";

/** What a new module is to have, and what is around it. */
export interface ModuleSurroundings {
  readonly http: boolean;
  readonly database: boolean;
  readonly home: ModuleHome;
  /** The modules that it is to depend on. */
  readonly needed: readonly RegisteredModule[];
  /** The folders of the platform's own modules, absolute. */
  readonly own: readonly string[];
  /** The platform's folder, absolute. */
  readonly root: string;
}

/** Names that the sources of a new module have for other things. */
const takenNames = [
  "Database",
  "Db",
  "Http",
  "HttpDirectory",
  "Permissions",
  "ServiceOf",
  "Entries",
  "Entry",
  "EntryStore",
];

/**
 * Decides everything about a new module.
 *
 * @throws PlatformError `SCAFFOLD_NOTHING_OFFERED` for a dependency without a service.
 */
export function planModule(name: string, surroundings: ModuleSurroundings): ModulePlan {
  const { http, database, home, needed, own, root } = surroundings;
  const { folder, scope } = home;
  const target = path.join(folder, name);
  const taken = new Set(takenNames);
  const rangeOf = rangesIn([...own, root]);
  const dependencies = needed.map((module): PlannedDependency => {
    const { name: dependency, version } = module.manifest;
    const entry = module.path === undefined ? undefined : publicEntryOf(module, module.path);
    const [service] = entry?.services ?? [];
    if (entry === undefined || service === undefined) {
      throw platformError("SCAFFOLD_NOTHING_OFFERED", { module: dependency });
    }
    const alias = taken.has(service.name) ? pascalCase(dependency) + service.name : service.name;
    taken.add(alias);
    const specifier = entry.isPackage ? entry.specifier : relativeTo(path.join(target, "src"), entry.specifier);
    return {
      name: dependency,
      version,
      service: { specifier, name: service.name, alias },
      package: entry.isPackage
        ? { name: entry.specifier, range: rangeOf(entry.specifier, packageVersion(module)) }
        : undefined,
    };
  });
  const ownRange = `^${ownVersion()}`;
  return {
    name,
    scope,
    database,
    http,
    dependencies,
    hostVersion,
    schema: schemaFrom(target, root),
    rangeOf: (packageName) => rangeOf(packageName, ownRange),
  };
}

/** A package of the workspace is asked for by its exact version: there is no other. */
function packageVersion({ path: folder, manifest }: RegisteredModule): string {
  return (folder === undefined ? undefined : readPackageFile(folder)?.content.version) ?? manifest.version;
}

/** The range by which packages of these folders ask for a package; the usual one where none does. */
function rangesIn(folders: readonly string[]): (packageName: string, usual: string) => string {
  const known = new Map<string, string>();
  for (const folder of folders) {
    const { dependencies, devDependencies } = readPackageFile(folder)?.content ?? {};
    for (const [name, range] of Object.entries({ ...devDependencies, ...dependencies })) {
      if (!known.has(name) && !range.startsWith("file:")) known.set(name, range);
    }
  }
  return (packageName, usual) => known.get(packageName) ?? usual;
}
