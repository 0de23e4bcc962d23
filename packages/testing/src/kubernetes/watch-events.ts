import { matchesLabels } from "./label-selector.ts";
import type { Change } from "./object-store.ts";
import type { RequestTarget } from "./request-path.ts";
import { apiVersionOf, type KubernetesObject, type Resource } from "./resources.ts";

/** One line of a watch. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: unknown;
}

/** What a change is to a watch that selects by namespace and labels: an object that leaves the selection is deleted for it. */
export function eventOf(
  change: Change,
  { resource, namespace }: RequestTarget,
  selector: string,
): WatchEvent | undefined {
  if (change.resource !== resource) return undefined;
  const selected = (object: KubernetesObject | undefined): object is KubernetesObject =>
    object !== undefined &&
    (namespace === "" || object.metadata.namespace === namespace) &&
    matchesLabels(selector, object.metadata.labels);
  const { before, after } = change;
  if (selected(after)) return { type: selected(before) ? "MODIFIED" : "ADDED", object: after };
  if (!selected(before)) return undefined;
  const metadata = { ...before.metadata, resourceVersion: String(change.revision) };
  return { type: "DELETED", object: { ...before, metadata } };
}

/** An event that only says how far the watch has come. */
export function bookmark(resource: Resource, revision: number, initialEnd = false): WatchEvent {
  const annotations = initialEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  return {
    type: "BOOKMARK",
    object: {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(revision), ...annotations },
      ...(resource.kind === "EndpointSlice" ? { addressType: "", endpoints: null, ports: null } : {}),
    },
  };
}
