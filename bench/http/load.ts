import { connect, type Socket } from "node:net";

/** What a server did under load. */
export interface Load {
  readonly requestsPerSecond: number;
}

/**
 * Asks for `path` over `connections` kept connections, one request at a time on each, for `ms`
 * milliseconds. The client only counts what comes back, so that its own cost stays small: each
 * answer must fit into one packet.
 */
export async function load(port: number, path: string, connections: number, ms: number): Promise<Load> {
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  let answered = 0;
  let going = true;
  const sockets: Socket[] = [];
  const closed: Promise<void>[] = [];
  for (let index = 0; index < connections; index++) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    sockets.push(socket);
    closed.push(new Promise((resolve) => socket.on("close", () => resolve())));
    socket.on("data", (chunk) => {
      if (answered === 0 && !chunk.includes("200 OK")) throw new Error(chunk.toString());
      answered++;
      if (going) socket.write(request);
      else socket.destroy();
    });
    socket.write(request);
  }
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const seconds = (performance.now() - began) / 1000;
  const requestsPerSecond = answered / seconds;
  going = false;
  await Promise.all(closed);
  return { requestsPerSecond };
}
