/** Makes one call of a service in another process. */
export type CallMethod = (method: string, args: readonly unknown[]) => Promise<unknown>;

/** Names that the language or common tools look up on any object; no service in another process has them. */
const notMethods: ReadonlySet<string> = new Set(["then", "catch", "finally", "toJSON", "asymmetricMatch"]);

/**
 * A service in another process: each of its methods is a call and returns a promise. What the other
 * end does not have as a method is found out by calling it.
 *
 * @param more an object whose properties, with those of every object, are there as they are.
 */
export function serviceProxy(call: CallMethod, more: object = {}): unknown {
  const methods = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  return new Proxy(Object.freeze(Object.create(null)), {
    get(_target, key) {
      if (typeof key !== "string" || notMethods.has(key) || key in more) return Reflect.get(more, key);
      let method = methods.get(key);
      if (method === undefined) {
        method = (...args) => call(key, args);
        methods.set(key, method);
      }
      return method;
    },
    has: (_target, key) => key in more,
  });
}
