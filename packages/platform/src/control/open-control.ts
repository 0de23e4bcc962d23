import { chmodSync, rmSync, writeFileSync } from "node:fs";
import {
  type Clock,
  type Logger,
  type PlatformEvent,
  platformError,
  problemsOf,
  type StartReport,
} from "@plinth/module";
import { claimSocket } from "./claim-socket.ts";
import { type ControlPlace, controlFolder, controlPlaces, pointerFile, realRoot } from "./control-places.ts";
import { type ControlServer, createControlServer } from "./control-server.ts";
import type { ControlledPlatform } from "./controlled.ts";
import { gatherStatus, type PlatformFacts } from "./gather-status.ts";
import { makePrivate } from "./private-folder.ts";
import { StartTimes } from "./start-times.ts";

/** What the control of a platform needs to know of it. */
export interface ControlSources {
  readonly platform: ControlledPlatform;
  readonly root: string;
  readonly name: string;
  /** The host's API version. */
  readonly version: string;
  /** Where the platform's HTTP host listens; `undefined` when it does not. */
  readonly url: () => string | undefined;
  readonly log: Logger;
  readonly clock: Clock;
  /** Default: the places of this machine. */
  readonly places?: readonly ControlPlace[];
}

/** The control of a running platform. */
export interface Control {
  /** Where it listens; `undefined` where that was not possible. */
  readonly address: string | undefined;
  /** The first start has ended. */
  started(report: StartReport): void;
  /** Ends all connections, and takes the socket away. */
  close(): Promise<void>;
}

/**
 * Lets `platformctl` of the same user look into a platform and tell it things, from now on. Never rejects:
 * where the socket cannot be made, or another platform has it, the log says so and the platform goes on.
 */
export async function openControl(sources: ControlSources): Promise<Control> {
  const { platform, log, clock } = sources;
  const times = new StartTimes();
  const startedAt = clock.wallTime();
  let since = startedAt;
  const stopListening = platform.onEvent((event: PlatformEvent) => {
    times.tell(event);
    if (event.type === "platform.state") since = event.at;
  });
  const facts = (root: string): PlatformFacts => ({
    name: sources.name,
    root,
    pid: process.pid,
    version: sources.version,
    since,
    startedAt,
    url: sources.url() ?? null,
  });
  const opened = await listen(sources, (root) =>
    createControlServer(platform, () => gatherStatus(platform, times, () => facts(root)), sources),
  );
  if (opened !== undefined) log.debug({ address: opened.address }, "platformctl can look into the platform");
  return {
    address: opened?.address,
    started: (report) => times.ended(report),
    async close() {
      stopListening();
      if (opened !== undefined) await opened.server.close();
      if (opened?.pointer !== undefined) rmSync(opened.pointer, { force: true });
    },
  };
}

interface Opened {
  readonly server: ControlServer;
  readonly address: string;
  readonly pointer: string | undefined;
}

async function listen(
  sources: ControlSources,
  serverFor: (root: string) => ControlServer,
): Promise<Opened | undefined> {
  const { log } = sources;
  const failures: unknown[] = [];
  const root = realRoot(sources.root);
  for (const { address, folder } of sources.places ?? controlPlaces(root)) {
    const server = serverFor(root);
    try {
      if (folder !== undefined) makePrivate(folder);
      if (!(await claimSocket(server.server, address))) {
        const problem = platformError("CONTROL_TAKEN", {});
        log.warn({ code: problem.code, fix: problem.fix }, problem.message);
        return undefined;
      }
      if (folder !== undefined) chmodSync(address, 0o600);
      // What goes on in the platform decides how long the process lives, and nobody who looks.
      server.server.unref();
      return {
        server,
        address,
        pointer: folder === undefined || folder === controlFolder(root) ? undefined : point(root, address),
      };
    } catch (error) {
      failures.push(error);
    }
  }
  const [first] = failures;
  const reason = first instanceof Error ? first.message : String(first ?? "every path for a socket is too long");
  const [problem = platformError("CONTROL_UNAVAILABLE", { reason }, { cause: first })] = problemsOf(first);
  log.warn({ code: problem.code, fix: problem.fix }, problem.message);
  return undefined;
}

/** Leaves word of a socket outside of the platform's folder, where that can be written. */
function point(root: string, address: string): string | undefined {
  const pointer = pointerFile(root);
  try {
    makePrivate(controlFolder(root));
    writeFileSync(pointer, address, { mode: 0o600 });
    return pointer;
  } catch {
    // Whoever looks for it tries the same places.
    return undefined;
  }
}
