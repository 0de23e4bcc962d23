import path from "node:path";
import type { Context } from "../context.ts";
import type { Paint } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import type { ModuleTestResult } from "./run-module-test.ts";

const outputLines = 10;

/** What was found, for people: the problems, a table, and a line that sums up. */
export function showResults(
  results: readonly ModuleTestResult[],
  totalMs: number,
  context: Context,
  paint: Paint,
): string {
  const failed = results.filter(({ passed }) => !passed);
  const problems = failed.map((result) => problemsOf(result, context, paint)).join("\n");
  const notes = results.flatMap(({ module, notes }) => notes.map((note) => paint.dim(`${module}: ${note}\n`)));
  const time = `in ${(totalMs / 1000).toFixed(1)} s`;
  const passedText = `${count(results.length - failed.length, "module")} passed`;
  const summary =
    failed.length === 0
      ? paint.green(`${passedText} ${time}`)
      : `${paint.red(`${count(failed.length, "module")} failed`)}, ${passedText} ${time}`;
  return `${problems}${problems === "" ? "" : "\n"}${tableOf(results, context, paint)}${notes.join("")}\n${summary}\n`;
}

function problemsOf({ problems, output }: ModuleTestResult, { cwd }: Context, paint: Paint): string {
  const lines = output.trimEnd().split("\n").slice(-outputLines);
  const printed = output.trim() === "" ? "" : paint.dim(lines.map((line) => `  | ${line}\n`).join(""));
  return formatProblems(problems, cwd, paint) + printed;
}

function tableOf(results: readonly ModuleTestResult[], { cwd }: Context, paint: Paint): string {
  const head = ["MODULE", "RESULT", "START", "STOP", "FOUND"];
  const rows = results.flatMap(({ module, passed, startMs, stopMs, problems }) => {
    const found = problems.map(({ code, at: [place] }) =>
      place === undefined
        ? code
        : `${code} ${[path.relative(cwd, place.file), place.line].filter((part) => part !== undefined).join(":")}`,
    );
    const [first = "-", ...others] = found;
    const result = passed ? paint.green("passed") : paint.red("failed");
    return [
      [module, result, milliseconds(startMs), milliseconds(stopMs), first],
      ...others.map((other) => ["", "", "", "", other]),
    ];
  });
  return formatTable([head.map(paint.bold), ...rows]);
}

function milliseconds(time: number | null): string {
  return time === null ? "-" : `${Math.round(time)} ms`;
}
