import type { Extension } from "@plinth/module";
import { checkPlaces, type ImposedPlaces } from "./placement.ts";
import { type IsolationSection, isolationSection } from "./section.ts";

/**
 * The manifest's section `isolation`.
 *
 * @param imposed what platform.yaml says of where modules run, read at each check.
 */
export function isolationExtension(
  imposed: () => ImposedPlaces = () => ({ process: [], inProcess: [] }),
): Extension<IsolationSection> {
  return {
    name: "isolation",
    section: { key: "isolation", schema: isolationSection },
    check: () => checkPlaces(imposed()),
  };
}
