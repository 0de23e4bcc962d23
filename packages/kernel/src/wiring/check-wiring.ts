import { type PlatformError, platformError, type ServiceRef, type SourceLocation } from "@plinth/module";
import type { LoadedModule } from "../loader/load-modules.ts";

/**
 * Holds what the modules' code requires and provides against their manifests: a service comes from
 * a declared dependency or from the platform, and its provider provides it. Returns all problems;
 * modules whose loading failed are left out, as their code is not known.
 */
export function checkWiring(modules: readonly LoadedModule[]): PlatformError[] {
  const byName = new Map<string, LoadedModule>();
  for (const module of modules) byName.set(module.manifest.name, module);
  const problems: PlatformError[] = [];
  for (const module of modules) {
    const { definition } = module;
    if (definition === undefined) continue;
    const { provides, requires, optional } = definition;
    for (const name in provides) collect(problems, checkProvided(module, provides[name] as Ref));
    for (const name in requires) collect(problems, checkUsed(module, requires[name] as Ref, byName, true));
    for (const name in optional) collect(problems, checkUsed(module, optional[name] as Ref, byName, false));
  }
  return problems;
}

type Ref = ServiceRef<unknown>;

function collect(problems: PlatformError[], found: PlatformError | undefined): void {
  if (found !== undefined) problems.push(found);
}

function checkProvided(module: LoadedModule, ref: Ref): PlatformError | undefined {
  const { name } = module.manifest;
  if (ref.module === name) return undefined;
  const values = { module: name, service: ref.id, owner: ref.module };
  return platformError("WIRING_FOREIGN_PROVIDES", values, { at: at(module) });
}

function checkUsed(
  module: LoadedModule,
  ref: Ref,
  byName: ReadonlyMap<string, LoadedModule>,
  required: boolean,
): PlatformError | undefined {
  const { name, dependencies } = module.manifest;
  const provider = byName.get(ref.module);
  if (provider?.source !== "platform") {
    const declared = dependencies.find((dependency) => dependency.name === ref.module);
    if (declared === undefined) {
      const range = provider === undefined ? "*" : `^${provider.manifest.version}`;
      const values = { module: name, service: ref.id, provider: ref.module, range };
      return platformError("WIRING_UNDECLARED", values, { at: at(module) });
    }
    if (required && declared.optional) {
      const values = { module: name, service: ref.id, provider: ref.module };
      return platformError("WIRING_OPTIONAL_REQUIRED", values, { at: at(module) });
    }
  }
  if (provider === undefined || provider.loadError !== undefined || provides(provider, ref)) return undefined;
  const values = { module: name, service: ref.id, provider: ref.module, hint: hintFor(provider) };
  return platformError("WIRING_NOT_PROVIDED", values, { at: at(module) });
}

function provides({ definition }: LoadedModule, ref: Ref): boolean {
  if (definition === undefined) return false;
  for (const name in definition.provides) if (definition.provides[name]?.id === ref.id) return true;
  return false;
}

function hintFor({ manifest, definition }: LoadedModule): string {
  const offered = Object.values(definition?.provides ?? {}).map((ref) => ref.id);
  if (offered.length > 0)
    return `Require one of what it provides (${offered.join(", ")}), or add it under provides there.`;
  return `Module "${manifest.name}" provides no services: add it under provides there, or remove the requirement.`;
}

function at(module: LoadedModule): SourceLocation[] {
  return module.manifest.file === undefined ? [] : [{ file: module.manifest.file }];
}
