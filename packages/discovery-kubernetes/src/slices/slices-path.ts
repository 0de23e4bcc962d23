import { serviceLabel } from "./instance-annotation.ts";

/** Where the EndpointSlices of a namespace are. */
export function slicesPath(namespace: string): string {
  return `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
}

/** Selects the slices of a service. */
export function selectorOf(service: string): string {
  return `${serviceLabel}=${service}`;
}
