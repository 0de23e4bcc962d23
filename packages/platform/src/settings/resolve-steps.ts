import { keyFromStep, keysMeantBy } from "./environment.ts";
import { childNode, isRecord, isSection, keysOf, type SchemaNode } from "./json-schema.ts";
import type { Override } from "./override.ts";

/** What the steps of an override lead to. */
export type Resolution =
  | { readonly kind: "found"; readonly path: readonly string[]; readonly node: SchemaNode }
  /** `path` is known up to its last key, under which the schema has no such setting; `section` is what holds it. */
  | { readonly kind: "unknown"; readonly path: readonly string[]; readonly section: SchemaNode }
  | { readonly kind: "ambiguous"; readonly candidates: readonly (readonly string[])[] };

/**
 * Follows the steps from `node`, which stands at `path`. `values` are those given so far: where a
 * section takes any key, a variable means the one that is already there.
 */
export function resolveSteps(
  override: Pick<Override, "steps" | "origin">,
  start: { readonly node: SchemaNode; readonly path: readonly string[]; readonly values: unknown },
): Resolution {
  let { node, path, values } = start;
  for (const step of override.steps.slice(path.length)) {
    const given = isRecord(values) ? Object.keys(values) : [];
    const meant = override.origin.kind === "flag" ? [step] : keysMeantBy(step, new Set([...keysOf(node), ...given]));
    if (meant.length > 1) return { kind: "ambiguous", candidates: meant.map((key) => [...path, key]) };
    const key = meant[0] ?? keyFromStep(step);
    const child = isRefused(key) || !isSection(node) ? undefined : childNode(node, key);
    path = [...path, key];
    if (child === undefined) return { kind: "unknown", path, section: node };
    node = child;
    values = isRecord(values) ? values[key] : undefined;
  }
  return { kind: "found", path, node };
}

/** Keys through which an object's prototype can be reached. */
function isRefused(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype" || key === "";
}

/** The paths of all settings that a schema names, sections before what is in them. */
export function settingPaths(node: SchemaNode, path: readonly string[] = []): (readonly string[])[] {
  const paths: (readonly string[])[] = [];
  const waiting = [{ node, path, above: new Set<unknown>() }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path, above } = next;
    if (node.views.some((view) => above.has(view))) continue;
    for (const key of keysOf(node)) {
      const inner = childNode(node, key);
      if (inner === undefined) continue;
      paths.push([...path, key]);
      waiting.push({ node: inner, path: [...path, key], above: new Set([...above, ...node.views]) });
    }
  }
  return paths;
}
