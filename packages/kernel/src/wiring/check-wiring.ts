import { type PlatformError, platformError, type ServiceRef, type SourceLocation } from "@plinth/module";
import type { LoadedModule } from "../loader/load-modules.ts";

/**
 * Holds what the modules' code requires and provides against their manifests: a service comes from
 * a declared dependency or from the platform, and its provider provides it. Returns all problems;
 * modules whose loading failed are left out, as their code is not known.
 */
export function checkWiring(modules: readonly LoadedModule[]): PlatformError[] {
  const byName = new Map(modules.map((module) => [module.manifest.name, module]));
  return modules.flatMap((module) => {
    const { definition } = module;
    if (definition === undefined) return [];
    return [
      ...Object.values(definition.provides).flatMap((ref) => checkProvided(module, ref)),
      ...Object.values(definition.requires).flatMap((ref) => checkUsed(module, ref, byName, true)),
      ...Object.values(definition.optional).flatMap((ref) => checkUsed(module, ref, byName, false)),
    ];
  });
}

function checkProvided(module: LoadedModule, ref: ServiceRef<unknown>): PlatformError[] {
  const { name } = module.manifest;
  if (ref.module === name) return [];
  return [
    platformError("WIRING_FOREIGN_PROVIDES", { module: name, service: ref.id, owner: ref.module }, { at: at(module) }),
  ];
}

function checkUsed(
  module: LoadedModule,
  ref: ServiceRef<unknown>,
  byName: ReadonlyMap<string, LoadedModule>,
  required: boolean,
): PlatformError[] {
  const { name, dependencies } = module.manifest;
  const provider = byName.get(ref.module);
  const values = { module: name, service: ref.id, provider: ref.module };
  if (provider?.source !== "platform") {
    const declared = dependencies.find((dependency) => dependency.name === ref.module);
    if (declared === undefined) {
      const range = provider === undefined ? "*" : `^${provider.manifest.version}`;
      return [platformError("WIRING_UNDECLARED", { ...values, range }, { at: at(module) })];
    }
    if (required && declared.optional) return [platformError("WIRING_OPTIONAL_REQUIRED", values, { at: at(module) })];
  }
  if (provider === undefined || provider.loadError !== undefined) return [];
  const offered = Object.values(provider.definition?.provides ?? {}).map((other) => other.id);
  if (offered.includes(ref.id)) return [];
  const hint =
    offered.length === 0
      ? `Module "${ref.module}" provides no services: add it under provides there, or remove the requirement.`
      : `Require one of what it provides (${offered.join(", ")}), or add it under provides there.`;
  return [platformError("WIRING_NOT_PROVIDED", { ...values, hint }, { at: at(module) })];
}

function at(module: LoadedModule): SourceLocation[] {
  return module.manifest.file === undefined ? [] : [{ file: module.manifest.file }];
}
