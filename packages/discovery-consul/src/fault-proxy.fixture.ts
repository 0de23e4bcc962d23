import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came to the proxy. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** An answer that comes from the proxy instead of the agent. */
export interface FalseAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stands between a client and an agent, and fails as told. */
export interface FaultProxy {
  readonly url: string;
  /** Everything asked so far, also what was not passed on. */
  readonly seen: SeenRequest[];
  /** How many connections clients hold. */
  readonly connections: number;
  /** Where requests go: another agent, or the same at another port. */
  target: string;
  /** Answers instead of the agent, where it gives something. */
  answer: ((request: SeenRequest) => FalseAnswer | undefined) | undefined;
  /** Keeps a request that it gives a promise for until that resolves; it is passed on even if the client has gone. */
  hold: ((request: SeenRequest) => Promise<void> | undefined) | undefined;
  /** Changes the headers of the agent's answers. */
  rewrite: ((headers: Record<string, string | string[] | undefined>, request: SeenRequest) => void) | undefined;
  /** Whether requests reach the agent but its answers do not come back. */
  loseAnswers: boolean;
  /** Passes nothing on in either direction and closes nothing, as a cable that was cut. */
  silence(): void;
  /** Ends the silence; what was lost in it stays lost. */
  speak(): void;
  /** Refuses connections and cuts those that stand, until the returned function is called. */
  refuse(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** A proxy on 127.0.0.1 in front of the agent at `target`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const upstream = new Set<ClientRequest>();
  let silent = false;
  const server = createServer((incoming, outgoing) => serve(incoming, outgoing));
  server.keepAliveTimeout = 60_000;
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    socket.once("close", () => {
      connections -= 1;
    });
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    for (const one of upstream) one.destroy();
    await closed;
  };

  function serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const seen: SeenRequest = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
    };
    proxy.seen.push(seen);
    if (silent) return;
    const answer = proxy.answer?.(seen);
    if (answer !== undefined) {
      incoming.resume();
      outgoing.writeHead(answer.status, answer.headers).end(answer.body ?? "");
      return;
    }
    const held = proxy.hold?.(seen);
    if (held !== undefined) void keep(incoming, held).then((body) => pass(seen, outgoing, body));
    else {
      const passed = pass(seen, outgoing);
      outgoing.once("close", () => passed.destroy());
      incoming.pipe(passed);
    }
  }

  /** Without a body the caller writes it. */
  function pass(seen: SeenRequest, outgoing: ServerResponse, body?: Buffer): ClientRequest {
    const lost = proxy.loseAnswers;
    const passed = request(`${proxy.target}${seen.path}`, { method: seen.method, headers: seen.headers });
    upstream.add(passed);
    passed.once("close", () => upstream.delete(passed));
    passed.once("error", () => outgoing.destroy());
    passed.once("response", (response) => {
      const headers = { ...response.headers };
      proxy.rewrite?.(headers, seen);
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", () => outgoing.destroy());
      response.once("end", () => {
        if (!silent && !lost) outgoing.writeHead(response.statusCode ?? 502, headers).end(Buffer.concat(chunks));
      });
    });
    if (body !== undefined) passed.end(body);
    return passed;
  }

  await listen(0);
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    get connections() {
      return connections;
    },
    target,
    answer: undefined,
    hold: undefined,
    rewrite: undefined,
    loseAnswers: false,
    silence() {
      silent = true;
    },
    speak() {
      silent = false;
    },
    async refuse() {
      await close();
      return () => listen(port);
    },
    stop: close,
  };
  return proxy;
}

async function keep(incoming: IncomingMessage, held: Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  await held;
  return Buffer.concat(chunks);
}
