import type { Manifest } from "@plinth/module";
import { noRights, type Rights } from "@plinth/plugins";

/** What a plugin asks for in the section `isolation` of its manifest. */
export function askedRights({ sections }: Manifest): Rights {
  const section = sections.isolation as { readonly rights?: Rights } | undefined;
  return section?.rights ?? noRights;
}
