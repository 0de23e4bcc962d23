type Json = unknown;

/** Applies a JSON merge patch (RFC 7396). Neither value is changed. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** As a merge patch, but lists of conditions are merged by their type, as a strategic merge patch of a status does. */
export function mergeStatus(target: Json, patch: Json): Json {
  const merged = mergePatch(target, patch) as { readonly status?: { readonly conditions?: Condition[] } };
  const wanted = merged.status?.conditions;
  if (wanted === undefined) return merged;
  const before = (target as typeof merged).status?.conditions ?? [];
  const kept = before.filter(({ type }) => !wanted.some((condition) => condition.type === type));
  const conditions = [...kept, ...wanted.map((condition) => ({ ...freshCondition, ...condition }))];
  return { ...merged, status: { ...merged.status, conditions } };
}

type Condition = { readonly type: string };

const freshCondition = { lastProbeTime: null, lastTransitionTime: null };

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
