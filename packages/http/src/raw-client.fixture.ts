import { connect, type Socket } from "node:net";

/** A TCP connection on which a test writes what it likes. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything that came back so far. */
  readonly received: () => string;
  readonly isClosed: () => boolean;
  write(text: string): void;
  /** Resolves when the other side has closed the connection. */
  readonly closed: Promise<void>;
}

/** Connects to the host of `url`. */
export async function rawClient(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  let isClosed = false;
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  socket.on("error", () => {}); // a reset is a way to be closed
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      isClosed = true;
      resolve();
    });
  });
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  return { socket, received: () => text, isClosed: () => isClosed, write: (part) => socket.write(part), closed };
}

/** The status and the body of the last answer in what a raw client received. */
export function lastAnswer(text: string): { status: number; head: string; body: string } {
  const answer = text.slice(text.lastIndexOf("HTTP/1.1 "));
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  return { status: Number(head.slice(9, 12)), head, body };
}
