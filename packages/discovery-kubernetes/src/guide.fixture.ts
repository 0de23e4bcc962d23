import { readFileSync } from "node:fs";
import path from "node:path";
import type { KubernetesObject } from "@plinth/testing/kubernetes";
import { parseAllDocuments } from "yaml";

/** The folder with the manifests of the guide. */
const folder = path.resolve(import.meta.dirname, "../../../docs/guides/kubernetes");

/** The manifests in the order in which they are applied, by file. */
export const guideFiles = [
  "service-account.yaml",
  "role.yaml",
  "role-binding.yaml",
  "service.yaml",
  "deployment.yaml",
  "managed/role.yaml",
  "managed/role-binding.yaml",
] as const;

export type GuideFile = (typeof guideFiles)[number];

/** A manifest of the guide. */
export function manifestIn(file: GuideFile): KubernetesObject {
  const [object] = manifestsIn(readFileSync(path.join(folder, file), "utf8"));
  return object as KubernetesObject;
}

/** The objects in a text of YAML. */
export function manifestsIn(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });
}
