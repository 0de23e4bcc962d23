import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { type ModuleFolders, stackPlaces } from "./stack-places.ts";
import type { LeftListener } from "./watch-listeners.ts";
import type { OpenResource, ResourceKind } from "./watch-resources.ts";
import type { HeldPart } from "./watched-pool.ts";

/** Everything that was seen after a platform had stopped. */
export interface Remains {
  readonly resources: readonly OpenResource[];
  readonly listeners: readonly LeftListener[];
  readonly database: readonly HeldPart[];
}

/** One thing that was left behind. */
export interface Leftover {
  /** The module that has to mend it; `undefined` where that is not known. */
  readonly module: string | undefined;
  readonly what: string;
  readonly mend: string;
  readonly isConnection: boolean;
  readonly at: readonly SourceLocation[];
}

/** What resources are called, and how they are given back. */
const words: Readonly<Record<ResourceKind, readonly [what: string, mend: string]>> = {
  timeout: ["a timer", "Keep what setTimeout returns, and hand it to clearTimeout in a stop hook."],
  interval: ["a timer", "Keep what setInterval returns, and hand it to clearInterval in a stop hook."],
  immediate: ["a callback of setImmediate", "Await the work that calls setImmediate again and again in a stop hook."],
  server: ["a server that listens", "Close the server in a stop hook, and await that it has closed."],
  socket: ["a socket", "Close the connection, or the client that keeps it, in a stop hook."],
  pipe: ["a pipe", "Close it in a stop hook."],
  udp: ["a UDP socket", "Close the socket in a stop hook."],
  process: ["a child process", "Kill the child process in a stop hook, and await its end."],
  watcher: ["a watcher of files", "Close the watcher in a stop hook."],
  worker: ["a worker thread", "Await worker.terminate() in a stop hook."],
  port: ["a message port", "Close the port in a stop hook."],
  file: ["an open file", "Close the file in a stop hook."],
};

/** Parts of something else that is named already. */
const partsOf: Partial<Record<ResourceKind, ResourceKind>> = { pipe: "process", port: "worker" };

/**
 * What was left behind, each thing once. Something that does not keep the process from ending counts only
 * where a module's own code made it: libraries keep such for themselves, which is their affair.
 */
export function leftovers({ resources, listeners, database }: Remains, folders: ModuleFolders): readonly Leftover[] {
  const whole = (each: OpenResource) =>
    !resources.some((other) => other.kind === partsOf[each.kind] && sameMaking(other, each));
  const found = [
    ...resources.filter(whole).flatMap((each): Leftover[] => {
      const [what, mend] = words[each.kind];
      const delay = each.delayMs === undefined ? "" : ` (${timing(each.kind, each.delayMs)})`;
      const left = leftover(each.stack, each.label, folders, { what: what + delay, mend });
      return each.keepsAlive || isOwnCode(each.stack, folders) ? [left] : [];
    }),
    ...listeners.map(({ event, stack }) =>
      leftover(stack, undefined, folders, {
        what: `a listener on the process for "${event}"`,
        mend: "Take it away with process.off in a stop hook, or leave it out: the platform handles signals and errors.",
      }),
    ),
    ...database.map(({ what, stack, label }) => ({
      ...leftover(stack, label, folders, { what, mend: "Call the function that listen returned in a stop hook." }),
      isConnection: what === "a connection to the database",
    })),
  ];
  return counted(found);
}

/** The error that a leftover is. @param module the one under test, to which belongs what is nobody else's. */
export function leftoverError({ what, mend, at, isConnection, ...left }: Leftover, module: string): PlatformError {
  const owner = left.module ?? module;
  return isConnection
    ? platformError("TEST_CONNECTION_HELD", { module: owner, what }, { at })
    : platformError("TEST_LEFT_BEHIND", { module: owner, what, mend }, { at });
}

function leftover(
  stack: string,
  label: string | undefined,
  folders: ModuleFolders,
  text: Pick<Leftover, "what" | "mend">,
): Leftover {
  const places = stackPlaces(stack);
  const own = places.find(({ file }) => folders.ownerOf(file) !== undefined);
  const module = label ?? (own && folders.ownerOf(own.file));
  const ofModule = module === undefined ? own : (places.find(({ file }) => folders.ownerOf(file) === module) ?? own);
  return { ...text, module, isConnection: false, at: ofModule === undefined ? [] : [ofModule] };
}

function timing(kind: ResourceKind, delayMs: number): string {
  return kind === "interval" ? `every ${delayMs} ms` : `after ${delayMs} ms`;
}

function isOwnCode(stack: string, folders: ModuleFolders): boolean {
  const [innermost] = stackPlaces(stack);
  return innermost !== undefined && folders.ownerOf(innermost.file) !== undefined;
}

/** Parts are made in the call that makes the whole. */
function sameMaking(one: OpenResource, other: OpenResource): boolean {
  const [first, second] = [one, other].map(({ stack }) => stackPlaces(stack)[0]);
  return first?.file === second?.file && first?.line === second?.line && first?.column === second?.column;
}

/** The same things from the same place are one, with their number. */
function counted(found: readonly Leftover[]): readonly Leftover[] {
  const groups = Map.groupBy(found, ({ what, module, at }) => JSON.stringify([what, module, at]));
  return [...groups.values()].map((group) => {
    const [first] = group as [Leftover];
    return group.length === 1 ? first : { ...first, what: `${first.what} (${group.length} times)` };
  });
}
