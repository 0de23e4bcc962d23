import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import { platformError, type SourceLocation } from "@plinth/module";
import { keyText } from "./key-text.ts";
import { escapesLexically } from "./relative-path.ts";
import { printable } from "./text.ts";
import type { ValuePath } from "./yaml-events.ts";

/** Where a path was written, for the error that refuses it. */
export interface PathOrigin {
  /** The key of the manifest that holds the path, such as `["migrations"]`. */
  readonly key: ValuePath;
  readonly at?: readonly SourceLocation[];
}

/**
 * The real path of `relative` inside `folder`, links followed. What does not exist yet resolves to
 * where it would be, as long as the existing part of the way stays inside.
 *
 * @throws PlatformError `MANIFEST_PATH_OUTSIDE` for an absolute path, one with `..` or a backslash,
 * and one that a link leads out of the folder.
 */
export function resolveInside(folder: string, relative: string, origin: PathOrigin): string {
  const refuse = (reason: string) =>
    platformError(
      "MANIFEST_PATH_OUTSIDE",
      { key: keyText(origin.key), path: printable(relative), reason },
      { at: origin.at ?? [] },
    );
  const lexical = escapesLexically(relative);
  if (lexical !== undefined) throw refuse(lexical);
  const root = realpathSync(folder);
  const real = realPathOf(path.join(root, relative));
  if (real === undefined) throw refuse("which a broken link stands in the way of");
  if (!isInside(root, real)) throw refuse(`which leads out of the module's folder to ${printable(real)}`);
  return real;
}

function isInside(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

/** The real path, the missing rest kept as it is; `undefined` where a link leads to nothing. */
function realPathOf(wanted: string): string | undefined {
  const missing: string[] = [];
  for (let existing = wanted; ; existing = path.dirname(existing)) {
    try {
      return path.join(realpathSync(existing), ...missing);
    } catch (error) {
      if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    }
    if (isThere(existing)) return undefined;
    missing.unshift(path.basename(existing));
  }
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Something above it is a file.
    return false;
  }
}
