import type { ApiClient } from "../api/api-client.ts";
import type { EndpointSlice, ObjectList } from "../api/objects.ts";

/** Which slices are listed. */
export interface SliceListing {
  readonly path: string;
  /** Default: all of the path. */
  readonly labelSelector?: string;
  /** The list may not be older than this. Default: it is the latest there is. */
  readonly notOlderThan?: string;
  /** How many come in one answer; 0 for all. Default 500. */
  readonly pageSize?: number;
}

/** Reads all pages of a list, which show the slices at one moment: at the version that comes with them. */
export async function listSlices(
  client: ApiClient,
  { path, labelSelector, notOlderThan, pageSize = 500 }: SliceListing,
  signal: AbortSignal,
): Promise<{ readonly slices: readonly EndpointSlice[]; readonly version: string }> {
  const slices: EndpointSlice[] = [];
  const same = {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(pageSize === 0 ? {} : { limit: String(pageSize) }),
  };
  let further: Readonly<Record<string, string>> =
    notOlderThan === undefined ? {} : { resourceVersion: notOlderThan, resourceVersionMatch: "NotOlderThan" };
  for (;;) {
    const page = await client.call<ObjectList<EndpointSlice>>({ path, query: { ...same, ...further } }, signal);
    const { resourceVersion, continue: next } = page.metadata ?? {};
    if (resourceVersion === undefined) throw new TypeError("the list carries no resourceVersion");
    slices.push(...(page.items ?? []));
    if (next === undefined || next === "") return { slices, version: resourceVersion };
    further = { continue: next };
  }
}
