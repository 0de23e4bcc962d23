import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { renameSync, rmSync } from "node:fs";
import { connect, type Server } from "node:net";

/** So often others may come first to what a dead process left behind. */
const mostAttempts = 5;

/**
 * Lets a server listen at an address, in place of a socket whose process is dead. One that answers is left
 * alone.
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
    if (!(await clearAway(address))) return false;
  }
}

/**
 * Removes a socket that nobody answers. It is taken aside first and asked again there, as another process may have
 * put its own in its place meanwhile.
 *
 * @returns `false` when that was so; it is back in its place then.
 */
async function clearAway(address: string): Promise<boolean> {
  // As long as the name in its place, which may be as long as can be.
  const aside = `${address.slice(0, -4)}${randomUUID().slice(0, 4)}`;
  try {
    renameSync(address, aside);
  } catch (error) {
    // Somebody else has cleared it away.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
  if (await isAnswered(aside)) {
    renameSync(aside, address);
    return false;
  }
  rmSync(aside, { force: true });
  return true;
}

/** Whether a living process listens at an address. What cannot be told counts as alive. */
async function isAnswered(address: string): Promise<boolean> {
  const socket = connect(address);
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
