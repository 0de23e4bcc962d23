export { nearest } from "@plinth/module";
export type { ChangeOutcome, ModuleChange } from "./lifecycle/change-modules.ts";
export { factsOf } from "./lifecycle/facts.ts";
export { type LifecycleOptions, ModuleLifecycle, type StopReport } from "./lifecycle/lifecycle.ts";
export { defaultLimits, type Limits } from "./lifecycle/limits.ts";
export { defaultRestartPolicy, type RestartPolicy } from "./lifecycle/restarts.ts";
export { transitions } from "./lifecycle/states.ts";
export type { ImportFile } from "./loader/import-file.ts";
export { entryOf, type LoadedModule, type LoadOptions, loadModule, loadModules } from "./loader/load-modules.ts";
export { unloadModules } from "./loader/unload-modules.ts";
export { type CheckedManifest, type CheckOptions, checkManifest } from "./manifest/check-manifest.ts";
export type { SyntaxFailure } from "./manifest/explain-syntax.ts";
export {
  type FoundManifests,
  findManifests,
  manifestFileName,
  matchFolders,
  type PatternPlace,
} from "./manifest/find-manifests.ts";
export { fitsPattern } from "./manifest/fits-pattern.ts";
export { type PathOrigin, resolveInside } from "./manifest/inside.ts";
export type { JsonSchema } from "./manifest/json-schema.ts";
export { createLocate, type Locate, locate } from "./manifest/locate.ts";
export {
  createManifestSchema,
  type ManifestSchema,
  type ManifestSection,
  manifestJsonSchema,
} from "./manifest/manifest-schema.ts";
export { type Position, positionAt } from "./manifest/position.ts";
export { type ReadManifests, readManifests } from "./manifest/read-manifests.ts";
export { readText } from "./manifest/read-text.ts";
export { hostModuleName, platformKeys } from "./manifest/reserved-names.ts";
export { printable } from "./manifest/text.ts";
export { flawErrors, parseYaml, positionOf, type YamlDocument } from "./manifest/yaml-document.ts";
export type { ValuePath } from "./manifest/yaml-events.ts";
export type { Flaw } from "./manifest/yaml-value.ts";
export type { BootPlan, LoadCode, ModuleCode, PlannedModule, RegisteredModule } from "./plan/boot-plan.ts";
export { type ResolveOptions, resolvePlan } from "./plan/resolve-plan.ts";
export { createRegistry, type ModuleRegistry, type RegistryOptions } from "./registry/module-registry.ts";
export { directorySource, type ModuleFolders, realFolder } from "./source/directory-source.ts";
export type { FoundModules, ModuleSource } from "./source/module-source.ts";
export { checkWiring } from "./wiring/check-wiring.ts";
