import path from "node:path";
import { formatLocation, type SourceLocation } from "@plinth/module";

/** `file:line:column` as seen from a folder. */
export function placeFrom(cwd: string, at: SourceLocation): string {
  return formatLocation({ ...at, file: pathFrom(cwd, at.file) });
}

/** A path as seen from a folder; `.` for the folder itself. */
export function pathFrom(cwd: string, file: string): string {
  return path.relative(cwd, file) || ".";
}
