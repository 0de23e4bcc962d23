import type { Manifest } from "@plinth/module";
import type { CheckedModule } from "./check-modules.ts";
import type { LastRun, RememberedFacts, RememberedModule } from "./last-run.ts";
import { rememberedFacts } from "./module-facts.ts";
import { entryOf } from "./module-place.ts";
import type { SurveyedModule } from "./survey.ts";

/** A module as it is now, with what it says. */
export interface CurrentModule extends SurveyedModule, CheckedModule {
  readonly main: string | undefined;
  readonly entry: string | undefined;
  /** What the last run knew of it; `undefined` for a new module. */
  readonly before: { readonly module: RememberedModule; readonly facts: RememberedFacts } | undefined;
}

/** Puts together the modules whose manifests have been read, and the others as the last run left them. */
export function currentModules(
  modules: readonly SurveyedModule[],
  manifests: readonly Manifest[],
  last: LastRun | undefined,
): CurrentModule[] {
  const read = new Map(manifests.map((manifest) => [manifest.file, manifest]));
  const remembered = last?.facts() ?? [];
  return modules.flatMap((module): CurrentModule[] => {
    const { manifest: file, folder, index = -1, known } = module;
    const [beforeModule, beforeFacts] = [last?.modules[index], remembered[index]];
    const before = beforeModule && beforeFacts && { module: beforeModule, facts: beforeFacts };
    const content = read.get(file);
    if (content !== undefined) {
      const { main } = content;
      const entry = entryOf(folder, main);
      return [{ ...module, file, content, main, entry, facts: rememberedFacts(content), before }];
    }
    if (known === undefined || before === undefined) return [];
    const { main, entry } = known;
    return [{ ...module, file, content: undefined, main, entry, facts: before.facts, before }];
  });
}
