import { readFile } from "node:fs/promises";
import { registryError } from "@plinth/discovery";
import { Pool } from "undici";
import type { ConsulTlsFiles } from "../consul-options.ts";

/** The connections to one agent. */
export interface Transport {
  /** Rejects with `DISCOVERY_SIGN_IN` while a file of TLS cannot be read. */
  pool(): Promise<Pool>;
  /** Cuts all connections. */
  close(): Promise<void>;
}

/** An answer that is larger is refused: it would be more than half a million instances. */
const maxResponseBytes = 512 * 1024 * 1024;

/** Connections that are made when they are first needed. Deadlines are the caller's: a query may wait for minutes. */
export function createTransport(origin: URL, tls: ConsulTlsFiles = {}, registry: string): Transport {
  let made: Promise<Pool> | undefined;

  async function make(): Promise<Pool> {
    const connect = {
      ...(tls.caFile === undefined ? {} : { ca: await read(tls.caFile) }),
      ...(tls.certFile === undefined ? {} : { cert: await read(tls.certFile) }),
      ...(tls.keyFile === undefined ? {} : { key: await read(tls.keyFile) }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      keepAliveInitialDelay: 15_000,
    };
    return new Pool(origin.origin, {
      connect,
      // Cutting a query must cut its connection: that is how a dead one is left behind.
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxResponseBytes,
    });
  }

  async function read(file: string): Promise<Buffer> {
    try {
      return await readFile(file);
    } catch (cause) {
      made = undefined;
      const reason = `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
      throw registryError("DISCOVERY_SIGN_IN", { registry, reason }, { cause });
    }
  }

  return {
    pool() {
      made ??= make();
      return made;
    },
    async close() {
      await made?.then(
        (pool) => pool.destroy(),
        () => {},
      );
    },
  };
}
