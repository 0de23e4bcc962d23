import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Clock, type Logger, type PlatformError, platformError } from "@plinth/module";
import type { HttpAddress } from "./http.ts";
import { HttpProblem } from "./problem.ts";
import { rawProblem } from "./respond.ts";
import type { HttpLimits } from "./settings.ts";
import { TrackedRequest } from "./tracked-request.ts";
import { waitFor } from "./wait.ts";

export interface HttpServerOptions {
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly log: Logger;
  /** Answers a request. `response` is of one that this server made. */
  readonly handle: (request: TrackedRequest, response: ServerResponse) => void;
  /** Is told of each request whose answer has ended, or whose connection was lost before. */
  readonly ended: (request: TrackedRequest, response: ServerResponse) => void;
}

/** A listening socket with limits on slow and large requests, and a stop that lets requests end. */
export class HttpServer {
  readonly #server: Server;
  readonly #limits: HttpLimits;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #sockets = new Set<Socket>();
  readonly #inProgress = new Set<ServerResponse>();
  #closing = false;
  /** Whether answers ask their clients to use another connection for the next request. */
  turnsAway = false;

  constructor({ limits, clock, log, handle, ended }: HttpServerOptions) {
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
    const finished = (response: ServerResponse) => {
      this.#inProgress.delete(response);
      if (this.#closing) response.req.socket.destroySoon();
      ended(response.req as TrackedRequest, response);
    };
    function onClose(this: ServerResponse): void {
      finished(this);
    }
    const { headersTimeoutMs, requestTimeoutMs } = limits;
    const shortest = Math.min(headersTimeoutMs || never, requestTimeoutMs || never);
    this.#server = createServer(
      {
        IncomingMessage: TrackedRequest,
        maxHeaderSize: limits.maxHeaderSize,
        requestTimeout: requestTimeoutMs,
        headersTimeout: headersTimeoutMs === 0 ? 0 : shortest,
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        connectionsCheckingInterval: Math.min(1000, Math.max(20, shortest / 4)),
      },
      (request, response) => {
        this.#inProgress.add(response);
        response.on("close", onClose);
        if (this.turnsAway) response.shouldKeepAlive = false;
        handle(request, response);
      },
    );
    // Some versions of Node leave out headers above this number without a word: one more than is allowed can be seen.
    this.#server.maxHeadersCount = limits.maxHeaderCount + 1;
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket) => this.#refuse(error, socket as Socket));
  }

  get inProgress(): number {
    return this.#inProgress.size;
  }

  get address(): HttpAddress | undefined {
    const address = this.#server.address() as AddressInfo | null;
    if (address === null) return undefined;
    const { address: host, port, family } = address;
    const shown = host === "0.0.0.0" || host === "::" ? "localhost" : family === "IPv6" ? `[${host}]` : host;
    return { host, port, url: `http://${shown}:${port}` };
  }

  /** @throws PlatformError `HTTP_PORT_BUSY`, `HTTP_PORT_DENIED` or `HTTP_LISTEN_FAILED`. */
  listen(): Promise<void> {
    const { host, port } = this.#limits;
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(listenError(host, port, error));
      this.#server.once("error", fail);
      this.#server.listen({ host, port }, () => {
        this.#server.off("error", fail);
        this.#server.on("error", (error) => this.#log.error({ err: error }, `the server failed: ${error.message}`));
        resolve();
      });
    });
  }

  /**
   * Accepts no more connections, closes those on which nothing is in progress, and waits for the
   * rest; after the drain timeout, or when `signal` aborts, it closes them too.
   */
  async close(signal: AbortSignal): Promise<void> {
    this.#closing = true;
    if (!this.#server.listening) return;
    const closed = Promise.withResolvers<void>();
    const inTime = waitFor(this.#clock, this.#limits.drainTimeoutMs, signal, (done) => {
      this.#server.close(() => {
        done();
        closed.resolve();
      });
    });
    const busy = new Set([...this.#inProgress].map((response) => response.req.socket));
    for (const socket of this.#sockets) if (!busy.has(socket)) socket.destroy();
    for (const response of this.#inProgress) response.shouldKeepAlive = false;
    if (!(await inTime)) {
      this.#log.warn({ requests: this.inProgress }, "requests did not end in time: their connections are closed");
      for (const socket of this.#sockets) socket.destroy();
    }
    await closed.promise;
  }

  /** Answers what is no request, or came too slowly, unless an answer has begun on the connection. */
  #refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const answering = [...this.#inProgress].some((response) => response.req.socket === socket);
    if (error.code !== "ECONNRESET" && socket.writable && !answering) socket.write(rawProblem(problemOfClient(error)));
    socket.destroySoon();
  }
}

/** A timeout of 0 is none. */
const never = Number.POSITIVE_INFINITY;

function problemOfClient(error: NodeJS.ErrnoException): HttpProblem {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return new HttpProblem(408, "The request did not arrive in time.");
  if (error.code === "HPE_HEADER_OVERFLOW") return new HttpProblem(431, "The headers are too large.");
  return new HttpProblem(400, "This is not an HTTP request.");
}

function listenError(host: string, port: number, error: NodeJS.ErrnoException): PlatformError {
  const details = { cause: error };
  if (error.code === "EADDRINUSE") return platformError("HTTP_PORT_BUSY", { host, port }, details);
  if (error.code === "EACCES") return platformError("HTTP_PORT_DENIED", { host, port }, details);
  return platformError("HTTP_LISTEN_FAILED", { host, port, reason: error.message }, details);
}
