import type { EventEmitter } from "node:events";
import { buildConnector, type Dispatcher, Pool } from "undici";
import type { Endpoint } from "../port/service-instance.ts";
import type { ServiceAddress } from "./service-url.ts";

/** The connections of one target. */
export interface TargetPools {
  readonly main: Pool;
  /** Only HTTP/1.1: for callers that cannot speak HTTP/2. Made when first needed. */
  plain: Pool | undefined;
}

/** How connections are made and kept: undici's options of a pool. */
export type ConnectionOptions = Omit<Pool.Options, "factory" | "socketPath">;

/**
 * Makes a pool that believes to be connected to the service's own origin, so that Host header and TLS
 * server name are the service's, while its sockets go to the endpoint.
 */
export function openPool(
  { origin }: ServiceAddress,
  endpoint: Endpoint,
  options: ConnectionOptions,
  events: Dispatcher,
): Pool {
  const { connect, connectTimeout, allowH2, tls, maxCachedSessions, autoSelectFamily, ...rest } = options;
  const connector =
    typeof connect === "function"
      ? connect
      : buildConnector({
          ...(tls ?? {}),
          ...(maxCachedSessions === undefined ? {} : { maxCachedSessions }),
          ...(allowH2 === undefined ? {} : { allowH2 }),
          ...(connectTimeout === undefined ? {} : { timeout: connectTimeout }),
          ...(autoSelectFamily === undefined ? {} : { autoSelectFamily }),
          ...connect,
        } as buildConnector.BuildOptions);
  const pool = new Pool(origin, {
    ...rest,
    ...(allowH2 === undefined ? {} : { allowH2 }),
    connect: (wanted, callback) =>
      connector({ ...wanted, hostname: endpoint.host, port: String(endpoint.port) }, callback),
  });
  for (const event of ["connect", "disconnect", "connectionError", "drain"] as const) {
    (pool as EventEmitter).on(event, (url: URL, targets: readonly Dispatcher[], ...more: readonly unknown[]) => {
      (events as EventEmitter).emit(event, url, [events, ...targets], ...more);
    });
  }
  return pool;
}
