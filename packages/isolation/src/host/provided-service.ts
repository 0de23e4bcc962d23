import { platformError, type ServiceConsumer, type ServiceRef, scoped } from "@plinth/module";
import type { Connection } from "../channel/connection.ts";
import { encodeConsumer } from "../channel/consumer.ts";
import { serviceTarget } from "../channel/protocol.ts";
import { serviceProxy } from "../channel/service-proxy.ts";

/** Who calls a service without having required it: the platform itself, or a test. */
const platform: ServiceConsumer = { name: "platform", version: "0.0.0" };

/**
 * Stands for a service that a module in another process provides, and stays good while the process is
 * ended and started again. It can be called itself, and each consumer gets one that says who calls,
 * so that the module may give each its own instance.
 *
 * @param current the connection to the process; `undefined` while the module does not run.
 */
export function providedService({ id, module }: ServiceRef<unknown>, current: () => Connection | undefined): unknown {
  const proxyFor = (consumer: ServiceConsumer, more?: object) => {
    const options = { from: encodeConsumer(consumer) };
    return serviceProxy((method, args) => {
      const connection = current();
      if (connection === undefined) {
        return Promise.reject(platformError("ISOLATION_NOT_RUNNING", { module, service: id, method }));
      }
      return connection.call(serviceTarget(id), method, args, options);
    }, more);
  };
  return proxyFor(
    platform,
    scoped((consumer) => proxyFor(consumer)),
  );
}
