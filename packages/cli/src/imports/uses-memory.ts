import { statSync } from "node:fs";
import path from "node:path";
import { digest } from "../answers/digest.ts";
import { keep, readKept } from "../answers/kept-file.ts";
import { isSettled, type Status, statKey } from "../answers/trace.ts";
import type { Cache } from "../context.ts";
import type { SourceUses, UsesMemory } from "./uses-of.ts";

interface Kept {
  /** Of the program and the platform. */
  readonly key: string;
  readonly sources: readonly (readonly [source: string, key: string, uses: SourceUses])[];
}

/**
 * Remembers what the sources of a platform use, from one run to the next; `undefined` without a cache.
 *
 * @param now the time in milliseconds. Default: the machine's.
 */
export function usesMemory(root: string, cache: Cache | undefined, now = Date.now): UsesMemory | undefined {
  if (cache === undefined) return undefined;
  const key = JSON.stringify([cache.program, root]);
  const file = path.join(cache.folder, "uses", `${digest(key)}.json`);
  const kept = readKept(file) as Kept | undefined;
  const known = new Map(kept?.key === key ? kept.sources.map(([source, ...rest]) => [source, rest]) : []);
  // As they were before the sources were read.
  const statuses = new Map<string, Status | undefined>();
  return {
    recall(source) {
      const status = statSync(source, { throwIfNoEntry: false });
      statuses.set(source, status);
      const [was, uses] = known.get(source) ?? [];
      return status !== undefined && statKey(status) === was ? uses : undefined;
    },
    remember(uses) {
      const sources = [...uses].flatMap(([source, found]): Kept["sources"] => {
        const status = statuses.get(source);
        return status !== undefined && isSettled(status, now()) ? [[source, statKey(status), found]] : [];
      });
      keep(file, { key, sources } satisfies Kept);
    },
  };
}
