import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

/** What of the machine decides where control sockets are. */
export interface SocketSystem {
  readonly platform: NodeJS.Platform;
  /** The user's folder for what lives as long as a session, if there is one. */
  readonly runtimeFolder: string | undefined;
  readonly temporaryFolder: string;
  /** Tells users apart. */
  readonly user: string;
}

/** Where the control socket of a platform may be. */
export interface ControlPlace {
  /** The path of the socket, or the name of the pipe. */
  readonly address: string;
  /** The folder that nobody else may enter; `undefined` for a pipe. */
  readonly folder: string | undefined;
}

/** Paths of sockets end after 104 bytes on some systems and after 108 on others, one of them a zero. */
const longestPath = 103;

/**
 * The places of the control socket of the platform in `root`, the best first: in its `.data`; where that
 * path is too long for a socket, or nothing can be written there, in a folder of the user's own. On
 * Windows it is one pipe.
 */
export function controlPlaces(root: string, system: SocketSystem = thisSystem()): readonly ControlPlace[] {
  const id = createHash("sha256").update(root).digest("hex").slice(0, 16);
  if (system.platform === "win32") return [{ address: `\\\\?\\pipe\\plinth-${id}`, folder: undefined }];
  const own = controlFolder(root);
  const { runtimeFolder, temporaryFolder, user } = system;
  const users =
    runtimeFolder === undefined ? path.join(temporaryFolder, `plinth-${user}`) : path.join(runtimeFolder, "plinth");
  const places = [
    { address: path.join(own, "control.sock"), folder: own },
    { address: path.join(users, `${id}.sock`), folder: users },
  ];
  return places.filter(({ address }) => Buffer.byteLength(address) <= longestPath);
}

/** The folder inside of a platform that is about its control socket. */
export function controlFolder(root: string): string {
  return path.join(root, ".data", "control");
}

/** The file that names the socket where it is not in the platform's own folder. */
export function pointerFile(root: string): string {
  return path.join(controlFolder(root), "address");
}

/** The root by which platform and platformctl know each other: with links followed. */
export function realRoot(root: string): string {
  return realpathSync(root);
}

function thisSystem(): SocketSystem {
  return {
    platform: process.platform,
    runtimeFolder: process.env.XDG_RUNTIME_DIR || undefined,
    temporaryFolder: tmpdir(),
    user: String(process.getuid?.() ?? userInfo().username),
  };
}
