// Node's own channel between processes, with structured clones. As a process of its own it is the other side.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ended, type OpenEcho, Waiting } from "./echo.ts";

type Message = readonly [id: number, value: unknown];

export function openIpc(): OpenEcho {
  const child = fork(fileURLToPath(import.meta.url), { serialization: "advanced" });
  const waiting = new Waiting();
  child.on("message", ([id, value]: Message) => waiting.answer(id, value));
  return {
    echo: (value) => waiting.call((id) => void child.send([id, value])),
    close() {
      child.disconnect();
      return ended(child);
    },
  };
}

if (import.meta.main) process.on("message", (message: Message) => void process.send?.(message));
