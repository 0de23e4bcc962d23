import "reflect-metadata";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import * as x509 from "@peculiar/x509";
import { createMemoryRegistry } from "../memory/memory-registry.ts";
import type { Registration, RegistrationSpec } from "../port/registration.ts";
import type { ServiceRegistry } from "../port/service-registry.ts";

/** A real HTTP server that is an instance of a service. */
export interface TestInstance {
  readonly id: string;
  readonly port: number;
  /** How many requests it has got. */
  readonly requests: number;
  readonly registration: Registration;
  /** Stops listening and cuts all connections, as a killed process does. It stays registered. */
  kill(): Promise<void>;
}

/** A registry with real servers in it, all closed by `close`. */
export class TestServices {
  readonly registry: ServiceRegistry = createMemoryRegistry();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** Starts a server and registers it as an instance of `service`. Without a listener it answers with its id. */
  async start(
    id: string,
    listener?: RequestListener,
    {
      tls,
      ...spec
    }: Partial<RegistrationSpec> & { readonly tls?: { readonly key: string; readonly cert: string } } = {},
  ): Promise<TestInstance> {
    let requests = 0;
    const answer: RequestListener = (request, response) => {
      requests += 1;
      if (listener === undefined) response.end(id);
      else listener(request, response);
    };
    const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
    this.#servers.push(server);
    const sockets = new Set<Socket>();
    server.on("connection", (socket) => {
      sockets.add(socket);
      this.#sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const protocol = tls === undefined ? "http" : "https";
    const registration = await this.registry.register({
      service: "users",
      id,
      endpoints: [{ name: "main", protocol, host: "127.0.0.1", port }],
      ...spec,
    });
    return {
      id,
      port,
      get requests() {
        return requests;
      },
      registration,
      async kill() {
        const closed = new Promise((resolve) => server.close(resolve));
        for (const socket of sockets) socket.resetAndDestroy();
        await closed;
      },
    };
  }

  async close(): Promise<void> {
    await this.registry[Symbol.asyncDispose]();
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A key and a certificate for `name`, signed by itself. */
export async function certificateFor(name: string): Promise<{ key: string; cert: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
      new x509.BasicConstraintsExtension(true),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { key: x509.PemConverter.encode(key, "PRIVATE KEY"), cert: certificate.toString("pem") };
}

/** Asks until `probe` holds, for ten seconds at most. */
export async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await probe())) {
    if (performance.now() > end) throw new Error("it did not come to hold");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
