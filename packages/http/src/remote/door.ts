import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Door } from "./exchange.ts";

/** A door that the host has made for one module's process. Disposing of it takes away its folder. */
export interface PrivateDoor extends Door, Disposable {}

/** Makes a place for a socket that only this user can reach, and a token that only the process is told. */
export function makeDoor(): PrivateDoor {
  const token = randomBytes(32).toString("base64url");
  if (process.platform === "win32") {
    const path = `\\\\.\\pipe\\plinth-${randomBytes(16).toString("hex")}`;
    return { path, token, [Symbol.dispose]() {} };
  }
  // The folder's mode is 0700; the module's process may not change that of the socket.
  const folder = mkdtempSync(path.join(tmpdir(), "plinth-"));
  return {
    path: path.join(folder, "http.sock"),
    token,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
