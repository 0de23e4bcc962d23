import { type ModuleSourceKind, nearest, type PlatformError, platformError } from "@plinth/module";
import type { IsolationMode, IsolationSection } from "./section.ts";

/** Where modules run, whatever their manifests say: platform.yaml's `isolation`. */
export interface ImposedPlaces {
  /** Names of modules. */
  readonly process: readonly string[];
  /** Names of modules. */
  readonly inProcess: readonly string[];
}

/** What decides where a module runs. */
export interface Placeable {
  readonly name: string;
  readonly source: ModuleSourceKind;
  /** The section of its manifest; `undefined` where it has none. */
  readonly section: IsolationSection | undefined;
}

/**
 * Says where a module runs: as platform.yaml imposes, else as its manifest says, else a plugin in a
 * process of its own and all others in the platform's. Parts of the platform itself always run in
 * its process.
 */
export function placeOf({ name, source, section }: Placeable, imposed: ImposedPlaces): IsolationMode {
  if (source === "platform" || imposed.inProcess.includes(name)) return "in-process";
  if (imposed.process.includes(name)) return "process";
  // What somebody else wrote does not choose for itself to run with the platform's rights.
  if (source === "plugin") return "process";
  return section?.mode ?? "in-process";
}

/**
 * What is wrong with the places that are imposed.
 *
 * @param modules the names of all modules that there are.
 */
export function checkPlaces({ process, inProcess }: ImposedPlaces, modules: readonly string[]): PlatformError[] {
  const both = process.filter((name) => inProcess.includes(name));
  const unknown = new Set([...process, ...inProcess].filter((name) => !modules.includes(name)));
  return [
    ...both.map((module) => platformError("ISOLATION_BOTH_LISTS", { module })),
    ...[...unknown].map((module) => {
      const meant = nearest(module, modules);
      const hint = meant === undefined ? "Remove it." : `Write "${meant}", or remove it.`;
      return platformError("ISOLATION_UNKNOWN_MODULE", { module, hint });
    }),
  ];
}
