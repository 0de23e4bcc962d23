import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { defaultLimits } from "../archive/limits.ts";

/** What can be in the place of a plain file, as a sentence names it. */
export type FileKind = "a link" | "a folder" | "a file" | "a pipe" | "a socket" | "a device";

interface Kind {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

/** What something in a file system is. */
export function kindOf(entry: Kind): FileKind {
  if (entry.isSymbolicLink()) return "a link";
  if (entry.isDirectory()) return "a folder";
  if (entry.isFile()) return "a file";
  if (entry.isFIFO()) return "a pipe";
  return entry.isSocket() ? "a socket" : "a device";
}

// A link is not followed and a pipe not waited for, even if it was put there just now. Windows knows neither.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a plain file, or what it is instead.
 *
 * @throws what the file system throws, and a RangeError for a file that is larger than a plugin can be.
 */
export function readPlainFile(file: string): Buffer | FileKind {
  let descriptor: number;
  try {
    descriptor = openSync(file, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") return "a link";
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return kindOf(stats);
    if (stats.size > defaultLimits.unpackedBytes) throw new RangeError("it is larger than a plugin can be");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
