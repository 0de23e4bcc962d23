import { checkManifest, createManifestSchema, createRegistry, type RegisteredModule } from "@plinth/kernel";
import { type Manifest, type PlatformError, PlatformErrors, platformError, problemsOf } from "@plinth/module";
import { hostVersion } from "@plinth/platform";

/**
 * Holds the name of a module that is not there yet against the rules of manifests, whose errors these are.
 *
 * @throws PlatformErrors; `SCAFFOLD_NAME_TAKEN` when a module has that name.
 */
export function checkName(name: string, modules: readonly RegisteredModule[]): void {
  manifestOf({ name });
  const taken = modules.find(({ manifest }) => manifest.name === name);
  if (taken === undefined) return;
  const { file } = taken.manifest;
  throw platformError("SCAFFOLD_NAME_TAKEN", { module: name }, { at: file === undefined ? [] : [{ file }] });
}

/**
 * Makes sure that another module, by its name and dependencies, does no harm to a platform: two names that differ by
 * nothing but hyphens, for one, are refused. What is wrong without it does not matter here.
 *
 * @throws PlatformErrors with what would newly be wrong.
 */
export function checkGraph(
  name: string,
  needed: readonly RegisteredModule[],
  others: readonly RegisteredModule[],
): void {
  const dependencies = Object.fromEntries(needed.map(({ manifest }) => [manifest.name, `^${manifest.version}`]));
  const manifest = manifestOf({ name, dependencies });
  const before = new Set(graphProblems(others).map(({ message }) => message));
  const added = { manifest, source: "directory", path: undefined, definition: undefined } as const;
  const problems = graphProblems([...others, added]).filter(({ message }) => !before.has(message));
  if (problems.length > 0) throw new PlatformErrors(problems);
}

function graphProblems(modules: readonly RegisteredModule[]): readonly PlatformError[] {
  const registry = createRegistry({ hostVersion });
  for (const module of modules) registry.register(module);
  try {
    registry.resolve();
    return [];
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return problems;
  }
}

function manifestOf(content: Readonly<Record<string, unknown>>): Manifest {
  const { manifest, problems } = checkManifest({ version: "1.0.0", ...content }, createManifestSchema([]));
  if (manifest === undefined) throw new PlatformErrors([...problems]);
  return manifest;
}
