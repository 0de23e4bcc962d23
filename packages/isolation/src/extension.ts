import type { Extension } from "@plinth/module";
import { checkPlaces, type ImposedPlaces } from "./placement.ts";
import { type IsolationSection, isolationSection } from "./section.ts";

/**
 * The manifest's section `isolation`.
 *
 * @param imposed what platform.yaml says of where modules run, read at each check.
 * @param leftOut names of modules that are there but take no part, read at each check.
 */
export function isolationExtension(
  imposed: () => ImposedPlaces = () => ({ process: [], inProcess: [] }),
  leftOut: () => readonly string[] = () => [],
): Extension<IsolationSection> {
  return {
    name: "isolation",
    section: { key: "isolation", schema: isolationSection },
    check: (modules) => checkPlaces(imposed(), [...modules.map(({ name }) => name), ...leftOut()]),
  };
}
