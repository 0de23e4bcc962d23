import { connect, createServer, type Socket } from "node:net";

/** One message of a client to PostgreSQL: its type's letter (empty for the first one), and all its bytes. */
export interface WireMessage {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts a stream into messages. The first one of a client has no letter. */
export function messageReader(hasFirst: boolean, onMessage: (message: WireMessage) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = hasFirst;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const letter = isFirst ? 0 : 1;
      if (rest.length < letter + 4) return;
      const length = letter + rest.readInt32BE(letter);
      if (rest.length < length) return;
      const bytes = rest.subarray(0, length);
      rest = rest.subarray(length);
      const type = isFirst ? "" : String.fromCharCode(bytes[0] as number);
      isFirst = false;
      onMessage({ type, bytes });
    }
  };
}

/** What to do with a message of the client: pass it on, or cut the client off before or after the server has done it. */
export type Verdict = "pass" | "cut before" | "cut after";

/** A proxy before PostgreSQL that sees every message of the clients. */
export interface WireProxy extends AsyncDisposable {
  /** The address through the proxy. */
  readonly url: string;
  /** How many times clients have waited for the server since they were connected: simple queries and syncs. */
  roundTrips: number;
  /** Asked for each message. */
  judge: (message: WireMessage) => Verdict;
}

export async function startProxy(url: string): Promise<WireProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let cut = false;
    const track = (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    };
    track(client);
    track(upstream);
    const fromServer = messageReader(false, ({ type, bytes }) => {
      if (!cut) client.write(bytes);
      else if (type === "Z") client.destroy();
    });
    const fromClient = messageReader(true, (message) => {
      if (message.type === "Q" || message.type === "S") proxy.roundTrips += 1;
      const verdict = proxy.judge(message);
      if (verdict !== "pass") cut = true;
      if (verdict === "cut before") client.destroy();
      else upstream.write(message.bytes);
    });
    client.on("data", fromClient);
    upstream.on("data", fromServer);
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as { readonly port: number }).port);
  const proxy: WireProxy = {
    url: through.href,
    roundTrips: 0,
    judge: () => "pass",
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
  return proxy;
}

/** A message from the server: a letter, the length, the body. */
function backendMessage(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const readyForQuery = backendMessage("Z", Buffer.from("I"));

/** A server that refuses its first two clients, or all when there is no other port to which it could lead them. */
export async function startRefusingServer(
  state: string,
  message: string,
  otherPort?: number,
): Promise<AsyncDisposable & { readonly port: number }> {
  let refusals = 0;
  const server = createServer((client) => {
    client.on("error", () => {});
    if (otherPort !== undefined && refusals >= 2) {
      const upstream = connect(otherPort, "127.0.0.1");
      upstream.on("error", () => {});
      client.pipe(upstream).pipe(client);
      return;
    }
    refusals += 1;
    client.once("data", () => {
      client.end(backendMessage("E", Buffer.from(`SFATAL\0VFATAL\0C${state}\0M${message}\0\0`)));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { readonly port: number }).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

/**
 * A pooler in transaction mode, as small as can be: all clients share one connection to the server,
 * which each has for one transaction at a time. It tells clients a process id of its own.
 */
export async function startTransactionPooler(url: string): Promise<AsyncDisposable & { readonly url: string }> {
  const target = new URL(url);
  const upstream = connect(Number(target.port), target.hostname);
  const startup = Buffer.from(`user\0${target.username}\0database\0${target.pathname.slice(1)}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(startup.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  upstream.write(Buffer.concat([head, startup]));
  let turn: Promise<void> = Promise.resolve();
  let onServerMessage: (message: WireMessage) => void = () => {};
  upstream.on("error", () => {});
  upstream.on(
    "data",
    messageReader(false, (message) => onServerMessage(message)),
  );
  await new Promise<void>((resolve) => {
    onServerMessage = ({ type }) => type === "Z" && resolve();
  });
  const clients = new Set<Socket>();
  let processId = 900_000;

  const server = createServer((client) => {
    clients.add(client);
    client.on("error", () => {});
    client.on("close", () => clients.delete(client));
    let pending: Buffer[] = [];
    let endOfTransaction: (() => void) | undefined;
    const send = (bytes: Buffer) => {
      pending.push(bytes);
      const group = Buffer.concat(pending);
      pending = [];
      const work = () =>
        new Promise<void>((resolve) => {
          onServerMessage = ({ type, bytes: answer }) => {
            client.write(answer);
            if (type === "Z" && answer.at(-1) === 0x49) resolve();
            if (type === "Z" && answer.at(-1) !== 0x49) endOfTransaction = resolve;
          };
          upstream.write(group);
        });
      if (endOfTransaction !== undefined) {
        const resolve = endOfTransaction;
        endOfTransaction = undefined;
        void work().then(resolve);
      } else turn = turn.then(work);
    };
    client.on(
      "data",
      messageReader(true, ({ type, bytes }) => {
        if (type === "") {
          processId += 1;
          const key = Buffer.alloc(8);
          key.writeInt32BE(processId, 0);
          const ok = backendMessage("R", Buffer.alloc(4));
          client.write(Buffer.concat([ok, backendMessage("K", key), readyForQuery]));
        } else if (type === "X") client.end();
        else if (type === "Q" || type === "S") send(bytes);
        else pending.push(bytes);
      }),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as { readonly port: number }).port);
  return {
    url: through.href,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      upstream.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
