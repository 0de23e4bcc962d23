import path from "node:path";
import type { RememberedFacts } from "./last-run.ts";
import { constantCodes } from "./module-facts.ts";
import type { ModulePlace } from "./module-place.ts";
import { modulesSource } from "./source/modules-source.ts";

/** A module as the list of modules needs it. */
export interface ListableModule extends Pick<ModulePlace, "folder" | "generated"> {
  readonly entry: string | undefined;
  readonly facts: RememberedFacts;
}

/** The source of the list of modules, whose file decides how the others are seen from it. */
export function listSource(modules: readonly ListableModule[], file: string): string {
  const from = path.dirname(file);
  return modulesSource(
    modules.map(({ folder, generated, entry, facts }) => ({
      name: facts.name,
      folder: seenFrom(from, folder),
      generated: generated === undefined ? undefined : seenFrom(from, generated),
      entry: entry === undefined ? undefined : seenFrom(from, entry),
      codes: constantCodes(facts),
    })),
  );
}

function seenFrom(folder: string, file: string): string {
  const relative = path.relative(folder, file).split(path.sep).join("/");
  return relative.startsWith("../") ? relative : `./${relative}`;
}
