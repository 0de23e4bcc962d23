import path from "node:path";
import { createLocate, positionAt, type RegisteredModule } from "@plinth/kernel";
import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { type ModuleCode, moduleCode, sourcesOf } from "./module-code.ts";
import { createModuleFinder } from "./module-finder.ts";
import { textOf, type UsesMemory, usesOf } from "./uses-of.ts";

/**
 * Holds what the code of modules imports from each other, and which services of each other it names, against
 * what their manifests declare. What comes from the platform itself needs no declaration. Nothing is run;
 * tests and generated files are left out.
 *
 * @returns imports and services of modules that are not declared, imports past a module's public entry, and
 * declared dependencies that the code does not use; by module, then by file.
 */
export async function checkImports(
  modules: readonly RegisteredModule[],
  memory?: UsesMemory,
): Promise<PlatformError[]> {
  const codes = modules.flatMap((module) =>
    module.path === undefined || module.source === "platform" ? [] : [moduleCode(module, module.path)],
  );
  const find = createModuleFinder(codes);
  const locate = createLocate();
  const folders = new Set(codes.map(({ folder }) => folder));
  const versionOf = (name: string) => find.byName(name)?.module.manifest.version ?? "";
  const sourcesIn = new Map(codes.map(({ folder }) => [folder, sourcesOf(folder, folders)]));
  const allUses = await usesOf([...sourcesIn.values()].flat(), memory);
  return codes.flatMap(checkModule);

  function checkModule({ module, folder }: ModuleCode): PlatformError[] {
    const { name, file: manifest, dependencies } = module.manifest;
    const declared = new Set(dependencies.map((dependency) => dependency.name));
    const undeclared = new Map<string, SourceLocation[]>();
    const services = new Map<string, SourceLocation[]>();
    const deep: PlatformError[] = [];
    const used = new Set<string>();
    const sources = sourcesIn.get(folder) ?? [];
    for (const source of sources) {
      const placeOf = (offset: number) => ({ file: source, ...positionAt(textOf(source), offset) });
      const { imports = [], services: named = [], mentioned = [] } = allUses.get(source) ?? {};
      for (const { specifier, offset } of imports) {
        const found = find(specifier, source);
        if (found === undefined || found.code.folder === folder) continue;
        const provider = found.code.module.manifest.name;
        used.add(provider);
        if (!declared.has(provider)) {
          undeclared.set(provider, [...(undeclared.get(provider) ?? []), placeOf(offset)]);
        }
        if (!found.isPublic) deep.push(deepError(module, found.code, specifier, placeOf(offset)));
      }
      for (const { id, module: provider, offset } of named) {
        if (provider === name || declared.has(provider) || find.byName(provider) === undefined) continue;
        services.set(id, [...(services.get(id) ?? []), placeOf(offset)]);
      }
      // What is named by the id of a service is used, in whatever way.
      for (const module of mentioned) used.add(module);
    }
    const keyOf = (dependency?: string): SourceLocation[] =>
      manifest === undefined
        ? []
        : [locate(manifest, ["dependencies", ...(dependency === undefined ? [] : [dependency])])];
    const unused =
      sources.length === 0
        ? []
        : dependencies.filter((dependency) => !used.has(dependency.name) && find.byName(dependency.name) !== undefined);
    return [
      ...[...undeclared].map(([provider, places]) => {
        const values = { module: name, provider, range: `^${versionOf(provider)}` };
        return platformError("WIRING_IMPORT_UNDECLARED", values, { at: [...places, ...keyOf()] });
      }),
      ...[...services].flatMap(([service, places]) => {
        const provider = service.slice(0, service.indexOf("."));
        // The import says it already.
        if (undeclared.has(provider)) return [];
        const values = { module: name, service, provider, range: `^${versionOf(provider)}` };
        return [platformError("WIRING_UNDECLARED", values, { at: [...places, ...keyOf()] })];
      }),
      ...deep,
      ...unused.map((dependency) =>
        platformError(
          "WIRING_DEPENDENCY_UNUSED",
          { module: name, dependency: dependency.name },
          { at: keyOf(dependency.name) },
        ),
      ),
    ];
  }
}

function deepError(
  { manifest }: RegisteredModule,
  { module, packageName, entry, folder }: ModuleCode,
  specifier: string,
  at: SourceLocation,
): PlatformError {
  const provider = module.manifest.name;
  const instead = packageName ?? (entry === undefined ? undefined : path.relative(folder, entry));
  const hint =
    instead === undefined
      ? `Let ${provider} export what is needed, and import that.`
      : `Import it from "${instead}", and let ${provider} export it there.`;
  return platformError("WIRING_IMPORT_DEEP", { module: manifest.name, specifier, provider, hint }, { at: [at] });
}
