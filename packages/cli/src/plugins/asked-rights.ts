import type { IsolationSection } from "@plinth/isolation";
import type { Manifest } from "@plinth/module";
import { noRights, type Rights } from "@plinth/module";

/** What a plugin asks for in the section `isolation` of its manifest. */
export function askedRights({ sections }: Manifest): Rights {
  return (sections.isolation as IsolationSection | undefined)?.rights ?? noRights;
}
