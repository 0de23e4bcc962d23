import { type IsolationSection, noRights, type Rights } from "@plinth/isolation";
import type { Manifest } from "@plinth/module";

/** What a plugin asks for in the section `isolation` of its manifest. */
export function askedRights({ sections }: Manifest): Rights {
  return (sections.isolation as IsolationSection | undefined)?.rights ?? noRights;
}
