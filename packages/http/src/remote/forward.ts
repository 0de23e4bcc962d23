import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";

/** A request on its way to a module's process. */
export interface ForwardedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Further headers, whose names begin with `x-plinth-`: name, value, name, value. */
  readonly headers: readonly string[];
  /** Is called instead of an answer when none has begun; later the connection is ended. */
  readonly failed: (error: Error) => void;
}

/** What the names of headers begin with that only the host may send. */
const ownPrefix = "x-plinth-";

/** Headers that concern one connection, or that the client for the second connection makes itself. */
const ofTheConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "expect",
]);

/**
 * Hands a request to the module's process and its answer to the client, piece by piece as they come.
 * A client that leaves ends the request over there.
 */
export function forward(connections: Dispatcher, forwarded: ForwardedRequest): void {
  const { request, response, headers } = forwarded;
  const answer = new Answer(forwarded);
  try {
    connections.dispatch(
      {
        method: request.method as Dispatcher.HttpMethod,
        path: request.url ?? "/",
        headers: headersOf(request, headers),
        body: hasBody(request) ? Readable.from(bodyOf(request), { highWaterMark: 1 }) : null,
        idempotent: false,
      },
      answer,
    );
  } catch (error) {
    answer.onResponseError(undefined, error as Error);
  }
  response.on("close", () => answer.clientClosed());
}

/** Takes the answer of the module's process, and gives it to the client as fast as that reads. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #forwarded: ForwardedRequest;
  #controller: Dispatcher.DispatchController | undefined;
  #hasContent = false;

  constructor(forwarded: ForwardedRequest) {
    this.#forwarded = forwarded;
    forwarded.response.on("drain", () => this.#controller?.resume());
  }

  clientClosed(): void {
    if (!this.#forwarded.response.writableFinished) this.#controller?.abort(new Error("the client has left"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#forwarded.response.destroyed) controller.abort(new Error("the client has left"));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, message = ""): void {
    if (status < 200) return;
    const { response } = this.#forwarded;
    const headers: string[] = [];
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[];
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = textOf(raw[index]);
      const value = textOf(raw[index + 1]);
      const key = name.toLowerCase();
      if (key === "connection" && value.toLowerCase() === "close") response.shouldKeepAlive = false;
      if (!ofTheConnection.has(key)) headers.push(name, value);
    }
    response.writeHead(status, message, headers);
    // What came in one piece is sent in one piece; an answer whose content takes its time has its head sent now.
    queueMicrotask(() => {
      if (!this.#hasContent && !response.writableEnded) response.flushHeaders();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#hasContent = true;
    if (!this.#forwarded.response.write(chunk)) controller.pause();
  }

  onResponseEnd(_: unknown, trailers: Readonly<Record<string, string | string[] | undefined>>): void {
    const { response } = this.#forwarded;
    if (Object.keys(trailers).length > 0) response.addTrailers(trailers as Record<string, string>);
    response.end();
  }

  onResponseError(_: unknown, error: Error): void {
    const { response, failed } = this.#forwarded;
    if (response.destroyed) return;
    // An answer that was cut off must not look like a whole one.
    if (response.headersSent) response.destroy();
    else failed(error);
  }
}

/** What the client sent about the request, and `added`. */
function headersOf({ rawHeaders }: IncomingMessage, added: readonly string[]): string[] {
  const headers = [...added];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const key = name.toLowerCase();
    if (!ofTheConnection.has(key) && !key.startsWith(ownPrefix)) headers.push(name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * The body without its stream, whose destruction would end the client's connection. What is not read
 * because the answer came first is thrown away, so that the connection can be used again.
 */
async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    request.resume();
  }
}

function textOf(header: Buffer | string | undefined): string {
  return typeof header === "string" ? header : (header?.toString("latin1") ?? "");
}
