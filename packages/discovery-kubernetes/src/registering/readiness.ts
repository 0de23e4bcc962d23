import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { MaybePromise } from "@plinth/module";

/** What the pod's readiness probe asks: the one lever by which a pod without write rights comes and goes. */
export interface Readiness {
  /** Lets the probe succeed, or fail. */
  set(ready: boolean): MaybePromise<void>;
}

/** A readiness endpoint of its own. */
export interface ReadinessEndpoint extends Readiness, AsyncDisposable {
  readonly port: number;
}

/** Where a readiness endpoint listens. */
export interface ReadinessEndpointOptions {
  readonly port: number;
  /** Default: all addresses, for the kubelet asks from outside the pod. */
  readonly host?: string;
  /** Default `/readyz`. */
  readonly path?: string;
}

/** For processes without an HTTP host: answers the probe with 200 while ready, with 503 otherwise. Begins unready. */
export async function serveReadiness(options: ReadinessEndpointOptions): Promise<ReadinessEndpoint> {
  const { port, host, path = "/readyz" } = options;
  let ready = false;
  const server = createServer((request, response) => {
    const known = request.url === path;
    response.writeHead(known ? (ready ? 200 : 503) : 404, { "content-type": "text/plain", connection: "close" });
    response.end(known ? (ready ? "ready\n" : "not ready\n") : "not found\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    set(now) {
      ready = now;
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/**
 * Shares one pod's readiness between the registrations in it: ready while at least one of them wants to be up.
 * A pod is in or out of all its Services together.
 */
export class ReadinessGate {
  readonly #readiness: Readiness | undefined;
  readonly #up = new Set<object>();
  #last = false;

  constructor(readiness: Readiness | undefined) {
    this.#readiness = readiness;
  }

  /** Says what `who` wants. Resolves when the probe answers accordingly; after a rejection the next call tries again. */
  async want(who: object, up: boolean): Promise<void> {
    if (up) this.#up.add(who);
    else this.#up.delete(who);
    const ready = this.#up.size > 0;
    if (ready === this.#last) return;
    this.#last = ready;
    try {
      await this.#readiness?.set(ready);
    } catch (error) {
      this.#last = !ready;
      throw error;
    }
  }
}
