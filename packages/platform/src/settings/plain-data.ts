/**
 * A copy of plain data in which nothing is shared, not even parts that are the same object in the
 * original: what is changed in one place must not change in another.
 */
export function copyData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyData);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyData(inner)]));
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null || Object.isFrozen(next)) continue;
    waiting.push(...Object.values(Object.freeze(next)));
  }
  return value;
}
