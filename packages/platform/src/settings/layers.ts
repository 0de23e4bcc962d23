import { isRecord } from "./json-schema.ts";
import type { Origin } from "./origin.ts";

/** Values of one source, from the root of platform.yaml, and where each of them stands. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  /** Which part is meant: the key, or what stands under it. */
  originOf(path: readonly string[], part: "key" | "value"): Origin;
}

/**
 * Lays `upper` over `lower`: objects merge key by key, everything else, lists too, is replaced.
 * Neither is changed; the result may share parts with both.
 */
export function overlay(lower: unknown, upper: unknown): unknown {
  if (!isRecord(lower) || !isRecord(upper)) return upper;
  const result: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    result[key] = Object.hasOwn(lower, key) ? overlay(lower[key], value) : value;
  }
  return result;
}

/** What the layers say together; the last one has the last word on each leaf. */
export function effectiveValues(layers: readonly Layer[]): Readonly<Record<string, unknown>> {
  return layers.reduce<Readonly<Record<string, unknown>>>(
    (values, layer) => overlay(values, layer.values) as Readonly<Record<string, unknown>>,
    {},
  );
}

/** The topmost layer that has a value at `path`; `undefined` when none has. */
export function layerOf(layers: readonly Layer[], path: readonly string[]): Layer | undefined {
  return layers.findLast((layer) => hasPath(layer.values, path));
}

/** Where the value, or the key, at `path` came from: what no layer gives is a default, of the place `otherwise`. */
export function originIn(
  layers: readonly Layer[],
  path: readonly string[],
  part: "key" | "value" = "value",
  otherwise: Origin = { kind: "default" },
): Origin {
  return layerOf(layers, path)?.originOf(path, part) ?? otherwise;
}

function hasPath(values: unknown, path: readonly string[]): boolean {
  let current = values;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return false;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return true;
}

/** The values of a single setting: `{ http: { port: 1 } }` for the path `http`, `port`. */
export function nest(path: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Readonly<Record<string, unknown>>;
}
