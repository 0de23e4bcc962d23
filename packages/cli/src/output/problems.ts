import path from "node:path";
import { formatProblem, type Problem } from "@plinth/module";
import type { Paint } from "./paint.ts";

/** Problems as people read them, with places as seen from `cwd`, an empty line between two. */
export function formatProblems(problems: readonly Problem[], cwd: string, paint: Paint): string {
  return problems.map((problem) => `${paintProblem(formatProblem(seenFrom(cwd, problem)), paint)}\n`).join("\n");
}

function seenFrom(cwd: string, { code, message, fix, at }: Problem): Problem {
  const seen = at.map((place) => ({ ...place, file: path.relative(cwd, place.file) || place.file }));
  return { code, message, fix, at: seen };
}

function paintProblem(text: string, paint: Paint): string {
  return text
    .split("\n")
    .map((line) => {
      const [, code, message] = /^ {2}([A-Z0-9_]+)(: .*)$/.exec(line) ?? [];
      if (code !== undefined) return `  ${paint.red(code)}${message}`;
      if (line.startsWith("  fix: ")) return `  ${paint.green("fix:")}${line.slice("  fix:".length)}`;
      return line.startsWith(" ") ? line : paint.bold(line);
    })
    .join("\n");
}

/** `1 problem`, `2 problems`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
