import { platformError, type RemoteHandler, type RemoteLink, type ServiceConsumer } from "@plinth/module";
import type { Connection } from "./connection.ts";
import { linkTarget } from "./protocol.ts";

/**
 * One end of a remote service.
 *
 * @param signal aborts when the module is stopping or the other process is gone.
 */
export function createLink(
  connection: Connection,
  id: string,
  module: ServiceConsumer,
  signal: AbortSignal,
): RemoteLink {
  const target = linkTarget(id);
  const handlers = new Map<string, RemoteHandler>();
  connection.serve(target, (method, args, callSignal) => {
    const handler = handlers.get(method);
    if (handler === undefined) throw platformError("ISOLATION_NO_METHOD", { service: id, method });
    return handler(args, callSignal);
  });
  return {
    module,
    signal,
    call: <Result>(method: string, args: readonly unknown[] = [], options: { readonly signal?: AbortSignal } = {}) =>
      connection.call(target, method, args, { signal: options.signal }) as Promise<Result>,
    handle(method, handler) {
      handlers.set(method, handler);
    },
  };
}
