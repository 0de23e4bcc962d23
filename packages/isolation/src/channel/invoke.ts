import { platformError } from "@plinth/module";

/**
 * Calls a method of a service by name, for somebody in another process.
 *
 * @throws PlatformError `ISOLATION_NO_METHOD` for what is no method of its own or of its class.
 */
export function invoke(service: unknown, id: string, method: string, args: readonly unknown[]): unknown {
  const isOfEveryObject = method in Object.prototype;
  const found =
    isOfEveryObject || service === null || service === undefined
      ? undefined
      : (service as Readonly<Record<string, unknown>>)[method];
  if (typeof found !== "function") throw platformError("ISOLATION_NO_METHOD", { service: id, method });
  return Reflect.apply(found, service, args);
}
