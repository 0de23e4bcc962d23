// The least that a call over a pipe can be: a length, a structured clone, one write a message. As a process of its own
// it is the other side.
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { ended, type OpenEcho, Waiting } from "./echo.ts";

type Message = readonly [id: number, value: unknown];

function connect(socket: Socket, onMessage: (message: Message) => void): (message: Message) => void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 4) {
      const end = at + 4 + rest.readUInt32LE(at);
      if (rest.length < end) break;
      onMessage(deserialize(rest.subarray(at + 4, end)));
      at = end;
    }
    rest = rest.subarray(at);
  });
  return (message) => {
    const body = serialize(message);
    const frame = Buffer.allocUnsafe(4 + body.length);
    frame.writeUInt32LE(body.length);
    body.copy(frame, 4);
    socket.write(frame);
  };
}

const descriptor = 3;

export function openPipe(): OpenEcho {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const socket = child.stdio[descriptor] as Socket;
  const waiting = new Waiting();
  const send = connect(socket, ([id, value]) => waiting.answer(id, value));
  return {
    echo: (value) => waiting.call((id) => send([id, value])),
    close() {
      socket.end();
      return ended(child);
    },
  };
}

if (import.meta.main) {
  const socket = new Socket({ fd: descriptor, readable: true, writable: true });
  const send = connect(socket, (message) => send(message));
  socket.on("end", () => process.exit(0));
}
