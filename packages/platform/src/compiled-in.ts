import path from "node:path";
import {
  checkManifest,
  type ManifestSchema,
  manifestFileName,
  type RegisteredModule,
  readManifests,
} from "@plinth/kernel";
import {
  type Capability,
  isModuleDefinition,
  type ModuleDefinition,
  type PlatformError,
  PlatformErrors,
  platformError,
} from "@plinth/module";
import type { AddedModule, StaticModule } from "./options.ts";

/** A module that is part of the program, ready to be registered, or why it is not. */
export interface CompiledIn {
  readonly module?: RegisteredModule;
  readonly problems: readonly PlatformError[];
}

/** Checks the manifest of a module of the platform itself, which may have a folder or files of its own. */
export function checkDefinition(
  definition: ModuleDefinition,
  schema: ManifestSchema,
  { path, files }: Pick<Capability, "path" | "files"> = {},
): CompiledIn {
  const { manifest, problems } = checkManifest(definition.manifest ?? {}, schema, { platform: true });
  if (manifest === undefined) return { problems };
  return { module: { manifest, source: "platform", path, files, definition }, problems };
}

/** Checks the manifest of an application's module, and that it is the one that its code was defined with. */
export function checkStatic(module: StaticModule | ModuleDefinition, schema: ManifestSchema): CompiledIn {
  const {
    definition,
    folder,
    files,
    manifest: listed,
  }: Partial<StaticModule> = isModuleDefinition(module) ? { definition: module } : module;
  const { manifest, problems } = checkManifest(listed ?? definition?.manifest ?? {}, schema);
  if (manifest === undefined) return { problems };
  const other = definition?.manifest?.name;
  if (other !== undefined && other !== manifest.name) {
    return { problems: [platformError("LOAD_NAME_MISMATCH", { module: manifest.name, other })] };
  }
  const home = folder === undefined ? undefined : path.resolve(folder);
  return { module: { manifest, source: "static", path: home, files, definition }, problems };
}

/**
 * A module that is to be added to a running platform.
 *
 * @throws PlatformErrors with everything that is wrong with its manifest.
 */
export function registeredFrom(added: AddedModule, schema: ManifestSchema): RegisteredModule {
  if (isModuleDefinition(added) || "definition" in added) {
    const { module, problems } = checkStatic(added, schema);
    if (module === undefined) throw new PlatformErrors(problems);
    return module;
  }
  const folder = path.resolve(added.folder);
  const { manifests, problems } = readManifests([path.join(folder, manifestFileName)], schema);
  const [manifest] = manifests;
  if (manifest === undefined) throw new PlatformErrors(problems);
  return { manifest, source: "directory", path: folder, definition: undefined };
}
