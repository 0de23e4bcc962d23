import path from "node:path";
import type { CurrentModule } from "./current-modules.ts";
import type { RememberedFacts } from "./last-run.ts";
import { constantCodes } from "./module-facts.ts";
import type { ModulePlace } from "./module-place.ts";
import { type EmbeddedFile, modulesSource } from "./source/modules-source.ts";

/** A module as the list of modules needs it. */
export interface ListableModule extends Pick<ModulePlace, "folder" | "generated"> {
  readonly entry: string | undefined;
  readonly facts: RememberedFacts;
  /** The files that the list holds too. Default: none, they stay in the folder. */
  readonly files?: readonly EmbeddedFile[];
}

/** The source of the list of modules, whose file decides how the others are seen from it. */
export function listSource(modules: readonly ListableModule[], file: string): string {
  const from = path.dirname(file);
  return modulesSource(
    modules.map(({ folder, generated, entry, facts, files }) => {
      const home = seenFrom(from, folder);
      const inside = (path: string) => `${home}${withSlashes(path.slice(folder.length))}`;
      return {
        name: facts.name,
        folder: home,
        generated: generated === undefined ? undefined : inside(generated),
        entry: entry === undefined ? undefined : inside(entry),
        codes: constantCodes(facts),
        files,
      };
    }),
  );
}

function seenFrom(folder: string, other: string): string {
  const relative = withSlashes(path.relative(folder, other));
  return relative.startsWith("../") ? relative : `./${relative}`;
}

function withSlashes(file: string): string {
  return path.sep === "/" ? file : file.split(path.sep).join("/");
}

/** Whether the list says of a module what it said after the last run. */
export function isListedAsBefore({ before, facts, entry, generated }: CurrentModule): boolean {
  if (before === undefined || before.module.entry !== (entry ?? null)) return false;
  if (before.facts === facts) return true;
  const [now, then] = [constantCodes(facts), constantCodes(before.facts)];
  // Only an installed module has its codes written out; of the others it counts whether there are any.
  const areCodesSame = generated === undefined ? now.join() === then.join() : now.length > 0 === then.length > 0;
  return facts.name === before.facts.name && areCodesSame;
}
