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
