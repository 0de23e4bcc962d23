import { fileURLToPath } from "node:url";
import { PlatformError, type SourceLocation } from "@plinth/module";
import { type ControlProblem, fromWire } from "@plinth/platform/control";
import { stackPlaces } from "../module-tests/stack-places.ts";

/** A problem with the place that its cause happened at in front, and the lines of code that Node shows with it. */
export interface PlacedProblem {
  readonly problem: PlatformError;
  /** Empty where there are none. */
  readonly excerpt: string;
}

/** Looks into the cause of a problem for where in the code it comes from. */
export function placeProblem(wire: ControlProblem): PlacedProblem {
  const error = fromWire(wire);
  const found = wire.cause === undefined ? undefined : (syntaxPlace(wire.cause) ?? stackPlace(wire.cause));
  if (found === undefined) return { problem: error, excerpt: "" };
  const others = error.at.filter(({ file }) => file !== found.at.file);
  return { problem: new PlatformError({ ...error.toJSON(), at: [found.at, ...others] }), excerpt: found.excerpt };
}

interface FoundPlace {
  readonly at: SourceLocation;
  readonly excerpt: string;
}

/** Node puts the place, the code and a mark below it in front of the stack of an error of syntax. */
function syntaxPlace(stack: string): FoundPlace | undefined {
  const [, where = "", line, excerpt = ""] = /^(file:\/\/\S+|\/\S+):(\d+)\n([\s\S]+?)\n\n?\w*Error\b/.exec(stack) ?? [];
  const mark = excerpt.split("\n").find((each) => /^\s*\^+\s*$/.test(each));
  if (where === "" || mark === undefined) return undefined;
  const file = where.startsWith("file:") ? fileURLToPath(where) : where.replace(/\?.*/, "");
  return { at: { file, line: Number(line), column: mark.indexOf("^") + 1 }, excerpt };
}

function stackPlace(stack: string): FoundPlace | undefined {
  const at = stackPlaces(stack).find(({ file }) => !file.includes("/node_modules/"));
  return at === undefined ? undefined : { at, excerpt: "" };
}
