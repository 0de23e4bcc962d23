/*
 * node:fs as the bundle sees it: what is read is noted in the trace of the command that runs. The build puts this in
 * the place of node:fs in our own packages. It names what they use one by one, so that the build fails for a
 * function that nobody has thought about here.
 */
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { createTrace, type Status, statKey, type Trace } from "./trace.ts";

let trace: Trace | undefined;

/** Begins to note what is read. The trace grows until the next call. */
export function startTrace(): Trace {
  trace = createTrace();
  return trace;
}

function noteStat(given: fs.PathLike | number): void {
  if (trace === undefined) return;
  const file = given instanceof URL ? fileURLToPath(given) : given;
  if (typeof file !== "string") trace.isWhole = false;
  else if (!trace.stats.has(file)) trace.stats.set(file, keyOf(fs.statSync(file, { throwIfNoEntry: false })));
}

function keyOf(status: Status | undefined): string | null {
  if (status === undefined) return null;
  if (trace !== undefined) trace.newest = Math.max(trace.newest, status.mtimeMs, status.ctimeMs);
  return statKey(status);
}

/** Wraps a function that reads a file or a folder, which is noted before it is read. */
function reading<F extends (file: never, ...rest: never[]) => unknown>(read: F): F {
  const traced = (file: never, ...rest: never[]) => {
    // Of the folders below nothing is known.
    if (trace !== undefined && isRecursive(rest[0])) trace.isWhole = false;
    try {
      noteStat(file);
    } catch {
      // Such as a loop of links: what the reader makes of it is not foreseen here.
      if (trace !== undefined) trace.isWhole = false;
    }
    return read(file, ...rest);
  };
  return traced as F;
}

function isRecursive(options: unknown): boolean {
  return typeof options === "object" && options !== null && "recursive" in options && options.recursive === true;
}

/** Wraps a function whose doings the trace cannot tell. */
function untold<F extends (...args: never[]) => unknown>(act: F): F {
  const traced = (...args: never[]) => {
    if (trace !== undefined) trace.isWhole = false;
    return act(...args);
  };
  return traced as F;
}

export const readFileSync = reading(fs.readFileSync as never) as typeof fs.readFileSync;
export const readdirSync = reading(fs.readdirSync as never) as typeof fs.readdirSync;
export const existsSync = reading(fs.existsSync as never) as typeof fs.existsSync;
export const statSync = reading(fs.statSync as never) as typeof fs.statSync;

export const lstatSync = ((file: fs.PathLike, ...rest: never[]) => {
  if (trace !== undefined) {
    if (typeof file !== "string") trace.isWhole = false;
    else if (!trace.links.has(file)) trace.links.set(file, keyOf(fs.lstatSync(file, { throwIfNoEntry: false })));
  }
  return (fs.lstatSync as (...args: unknown[]) => unknown)(file, ...rest);
}) as typeof fs.lstatSync;

function realpath(file: fs.PathLike): string {
  let target: string | null = null;
  try {
    target = fs.realpathSync.native(file);
    return target;
  } finally {
    if (trace !== undefined) {
      if (typeof file !== "string") trace.isWhole = false;
      else trace.targets.set(file, target);
    }
  }
}
export const realpathSync = Object.assign(realpath, { native: realpath }) as typeof fs.realpathSync;

export const openSync = untold(fs.openSync);
export const readlinkSync = untold(fs.readlinkSync as never) as typeof fs.readlinkSync;
export const globSync = untold(fs.globSync as never) as typeof fs.globSync;
export const watch = untold(fs.watch as never) as typeof fs.watch;
export const writeFileSync = untold(fs.writeFileSync);
export const mkdirSync = untold(fs.mkdirSync as never) as typeof fs.mkdirSync;
export const mkdtempSync = untold(fs.mkdtempSync as never) as typeof fs.mkdtempSync;
export const renameSync = untold(fs.renameSync);
export const rmSync = untold(fs.rmSync);
export const linkSync = untold(fs.linkSync);
export const symlinkSync = untold(fs.symlinkSync);
export const chmodSync = untold(fs.chmodSync);
export const utimesSync = untold(fs.utimesSync);
export const truncateSync = untold(fs.truncateSync);
export const cpSync = untold(fs.cpSync);
export const { closeSync, writeSync, readSync, fstatSync, fsyncSync, constants } = fs;
