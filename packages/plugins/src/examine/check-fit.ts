import { type RegisteredModule, type ResolveOptions, resolvePlan } from "@plinth/kernel";
import { type Manifest, type PlatformError, platformError, problemsOf } from "@plinth/module";

/**
 * Whether a plugin fits into a platform: its name is free, it works with the host's version, its dependencies
 * are there in the right versions and no circle arises. What is wrong with the platform without it is left out.
 *
 * @param modules of the platform; an installed version of the plugin may be among them.
 */
export function checkFit(
  manifest: Manifest,
  modules: readonly RegisteredModule[],
  options: ResolveOptions,
): readonly PlatformError[] {
  const others = modules.filter((module) => module.source !== "plugin" || module.manifest.name !== manifest.name);
  const owner = others.find((module) => module.manifest.name === manifest.name);
  if (owner !== undefined) {
    const whose = owner.source === "platform" ? "the platform itself" : (owner.path ?? `its ${owner.source} modules`);
    return [platformError("PLUGIN_NAME_TAKEN", { plugin: manifest.name, owner: whose })];
  }
  const known = new Set(problemsWith(others, options).map(textOf));
  const plugin: RegisteredModule = { manifest, source: "plugin", path: undefined, definition: undefined };
  return problemsWith([...others, plugin], options).filter((problem) => !known.has(textOf(problem)));
}

function problemsWith(modules: readonly RegisteredModule[], options: ResolveOptions): readonly PlatformError[] {
  try {
    resolvePlan(modules, options);
    return [];
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return problems;
  }
}

function textOf({ code, message }: PlatformError): string {
  return `${code}: ${message}`;
}
