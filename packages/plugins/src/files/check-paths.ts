import { printable } from "@plinth/kernel";
import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { pathFlaw } from "./path-flaw.ts";

/**
 * Looks at the names of all files of a plugin: each by itself, and pairs that are one file where letters'
 * case or ways of writing a character do not count, or of which one would have to be the other's folder.
 */
export function checkPaths(paths: readonly string[], at: readonly SourceLocation[]): readonly PlatformError[] {
  const problems: PlatformError[] = [];
  const spellings = new Map<string, { readonly spelling: string; readonly isFile: boolean }>();
  for (const name of paths) {
    const flaw = pathFlaw(name);
    if (flaw !== undefined) {
      problems.push(platformError("PLUGIN_PATH", { path: `"${printable(name)}"`, reason: flaw }, { at }));
      continue;
    }
    const twin = findTwin(name, spellings);
    if (twin !== undefined) {
      const values = { one: `"${printable(twin)}"`, other: `"${printable(name)}"` };
      problems.push(platformError("PLUGIN_PATH_TWINS", values, { at }));
    }
  }
  return problems;
}

/** Takes the name and its folders into the spellings; says which name of before is one with it. */
function findTwin(
  name: string,
  spellings: Map<string, { readonly spelling: string; readonly isFile: boolean }>,
): string | undefined {
  const parts = name.split("/");
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const spelling = parts.slice(0, depth).join("/");
    const isFile = depth === parts.length;
    const folded = fold(spelling);
    const before = spellings.get(folded);
    if (before === undefined) spellings.set(folded, { spelling, isFile });
    else if (isFile || before.isFile || before.spelling !== spelling) return before.spelling;
  }
  return undefined;
}

/** The same for names that some file system takes for one. Upper case first: it has one form for more letters. */
function fold(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
