// birpc over Node's own channel, as people use it. As a process of its own it is the other side.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createBirpc } from "birpc";
import { type Echo, ended, type OpenEcho } from "./echo.ts";

export function openBirpc(): OpenEcho {
  const child = fork(fileURLToPath(import.meta.url), { serialization: "advanced" });
  const rpc = createBirpc<Echo>(
    {},
    { post: (data) => void child.send(data), on: (listener) => void child.on("message", listener) },
  );
  return {
    echo: (value) => rpc.echo(value),
    close() {
      child.disconnect();
      return ended(child);
    },
  };
}

if (import.meta.main) {
  createBirpc(
    { echo: (value: unknown) => value },
    { post: (data) => void process.send?.(data), on: (listener) => void process.on("message", listener) },
  );
}
