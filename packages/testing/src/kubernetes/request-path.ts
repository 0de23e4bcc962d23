import { type Resource, resources } from "./resources.ts";

/** What a path asks for. */
export interface RequestTarget {
  readonly resource: Resource;
  /** Empty for all namespaces, and for kinds that have none. */
  readonly namespace: string;
  /** Empty for the collection. */
  readonly name: string;
  /** `status`, or empty. */
  readonly subresource: string;
}

/** Takes a path of the API apart; `undefined` for one that is not served. */
export function targetOf(path: string): RequestTarget | undefined {
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const root = parts.shift();
  const group = root === "apis" ? (parts.shift() ?? "") : "";
  if (root !== "api" && root !== "apis") return undefined;
  const version = parts.shift();
  const inNamespace = parts[0] === "namespaces" && parts.length > 2;
  const namespace = inNamespace ? (parts[1] as string) : "";
  const [plural, name = "", subresource = "", ...rest] = inNamespace ? parts.slice(2) : parts;
  const resource = resources.find((one) => one.group === group && one.version === version && one.plural === plural);
  if (resource === undefined || rest.length > 0) return undefined;
  if (inNamespace !== resource.namespaced && (inNamespace || name !== "")) return undefined;
  return { resource, namespace, name, subresource };
}
