import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, type Server } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { takeLock } from "@plinth/process-lock";

/** So often others may come first to what a dead process left behind, with this pause between. */
const mostAttempts = 100;
const pauseMs = 20;

/**
 * Lets a server listen at an address, in place of a socket whose process is dead. One that answers is left
 * alone, however many come at the same time.
 *
 * @returns `false` when somebody else listens there.
 */
export async function claimSocket(server: Server, address: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      server.listen(address);
      await once(server, "listening");
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || attempt === mostAttempts) throw error;
    }
    if (await isAnswered(address)) return false;
    await clearAway(address);
  }
}

/**
 * Removes a socket that nobody answers. Nobody removes one without the lock, so that it is still the one that was
 * asked, and not another's who came in its place.
 */
async function clearAway(address: string): Promise<void> {
  const refused = new Error("somebody else is clearing away");
  try {
    const lock = await takeLock(`${address}.lock`, () => refused);
    try {
      if (!(await isAnswered(address))) rmSync(address, { force: true });
    } finally {
      lock.release();
    }
  } catch (error) {
    if (error !== refused) throw error;
    await pause(pauseMs);
  }
}

/** Whether a living process listens at an address. What cannot be told counts as alive. */
async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
  socket.on("error", () => {});
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== "ECONNREFUSED" && code !== "ENOENT";
  } finally {
    socket.destroy();
  }
}
