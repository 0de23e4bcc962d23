import { lstatSync, realpathSync, statSync } from "node:fs";
import type { Answer } from "./answer.ts";
import { readKept } from "./kept-file.ts";
import type { Question } from "./question.ts";
import { type Status, statKey } from "./trace.ts";

/** The answer that was given to this question, where everything that it rests on is as it was; else `undefined`. */
export function recall({ key, file }: Question): Answer | undefined {
  const answer = readKept(file) as Answer | undefined;
  return answer?.key === key && stillHolds(answer) ? answer : undefined;
}

function stillHolds({ stats, links, targets }: Answer): boolean {
  return (
    stats.every(([path, known]) => keyOf(statSync(path, quietly)) === known) &&
    links.every(([path, known]) => keyOf(lstatSync(path, quietly)) === known) &&
    targets.every(([path, known]) => targetOf(path) === known)
  );
}

const quietly = { throwIfNoEntry: false } as const;

function keyOf(status: Status | undefined): string | null {
  return status === undefined ? null : statKey(status);
}

function targetOf(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
