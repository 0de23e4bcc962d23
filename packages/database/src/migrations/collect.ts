import { type ModuleFacts, neededModules, type PlatformError, servicesUsed } from "@plinth/module";
import { Database } from "../database.ts";
import { checkSchemaName, schemaName } from "../schema-name.ts";
import type { MigrationFile, ModuleMigrations } from "./migration-file.ts";
import { readMigrations } from "./read-migrations.ts";

/** What the modules of a platform have to do with the database. */
export interface CollectedMigrations {
  /** In the order given; empty when no module uses the database. */
  readonly modules: readonly ModuleMigrations[];
  readonly problems: readonly PlatformError[];
}

/**
 * Reads the migrations of all modules and checks them, and finds the modules that use the database.
 * A module of the platform itself uses it only when another module uses a service of that one.
 *
 * @param modules in plan order, dependencies first; `section` is the manifest's `migrations`.
 */
export function collectMigrations(modules: readonly ModuleFacts<string>[]): CollectedMigrations {
  const problems: PlatformError[] = [];
  const needed = neededModules(modules);
  const collected = modules.map((module) => collect(module, needed.has(module.name), problems));
  const isUsed = collected.some(({ schema }) => schema !== undefined);
  return { modules: isUsed ? collected : [], problems };
}

function collect(module: ModuleFacts<string>, isNeeded: boolean, problems: PlatformError[]): ModuleMigrations {
  const { name, manifest } = module;
  const usesDatabase = isNeeded && (module.section !== undefined || requiresDatabase(module));
  if (usesDatabase) {
    const problem = checkSchemaName(name);
    if (problem !== undefined) problems.push(problem);
  }
  return {
    module: name,
    schema: usesDatabase ? schemaName(name) : undefined,
    critical: manifest.critical,
    dependencies: manifest.dependencies.filter(({ optional }) => !optional).map((dependency) => dependency.name),
    files: usesDatabase ? filesOf(module, problems) : [],
  };
}

function filesOf(
  { name, path, files, manifest, section }: ModuleFacts<string>,
  problems: PlatformError[],
): readonly MigrationFile[] {
  if (section === undefined) return [];
  const found = readMigrations({ module: name, root: path, files, folder: section, manifest: manifest.file });
  problems.push(...found.problems);
  return found.files;
}

function requiresDatabase(module: ModuleFacts): boolean {
  return servicesUsed(module).some(({ id }) => id === Database.id);
}
