import { readFileSync } from "node:fs";
import type { FoundUses } from "./read-imports.ts";

/** What a source uses of modules. */
export interface SourceUses extends FoundUses {
  /** What stands in front of a dot in a text, each once: names of modules may be among these. */
  readonly mentioned: readonly string[];
}

/** What was found in sources before. */
export interface UsesMemory {
  /** What was found in a source; `undefined` where it may have changed since. */
  recall(source: string): SourceUses | undefined;
  /** Keeps what is known now, of these sources and of no others. */
  remember(uses: ReadonlyMap<string, SourceUses>): void;
}

/** What each of these sources uses. The parser is loaded when there is one to parse. */
export async function usesOf(
  sources: readonly string[],
  memory: UsesMemory | undefined,
): Promise<ReadonlyMap<string, SourceUses>> {
  const found = new Map<string, SourceUses>();
  const unknown: string[] = [];
  for (const source of sources) {
    const known = memory?.recall(source);
    if (known === undefined) unknown.push(source);
    else found.set(source, known);
  }
  if (unknown.length > 0) {
    const { readUses } = await import("./read-imports.ts");
    for (const source of unknown) {
      const text = textOf(source);
      const mentioned = [...text.matchAll(/["'`]([a-z][a-z0-9-]*)\./g)].map(([, name = ""]) => name);
      found.set(source, { ...readUses(source, text), mentioned: [...new Set(mentioned)] });
    }
    memory?.remember(found);
  }
  return found;
}

/** A file that is gone, or that may not be read, is for the loader to report. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
