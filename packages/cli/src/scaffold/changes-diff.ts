import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { pathFrom } from "../output/place.ts";
import type { Changes } from "./changes.ts";

/** Changes as `git diff` shows them, with files as seen from a folder; ends with a line break. */
export function changesDiff({ edits, moves }: Changes, cwd: string): string {
  const moved = moves.map(({ from, to }) => `rename ${pathFrom(cwd, from)} to ${pathFrom(cwd, to)}\n`);
  const patches = edits.map(({ file, before, after }) => {
    const name = pathFrom(cwd, file);
    const options = { context: 1, headerOptions: FILE_HEADERS_ONLY };
    return createTwoFilesPatch(name, name, before, after, undefined, undefined, options);
  });
  return [...moved, ...patches].join("");
}
