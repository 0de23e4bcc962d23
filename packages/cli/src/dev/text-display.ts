import type { Context } from "../context.ts";
import { took } from "../control/elapsed.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { pathFrom } from "../output/place.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { DevEvent, Display, Edited } from "./display.ts";
import { placeProblem } from "./problem-place.ts";

const shownFiles = 3;

/** Lines for people, between those of the platform's log. */
export function textDisplay({ stdout, cwd, env }: Context): Display {
  const paint = createPaint(wantsColour(stdout, env));
  const lead = stdout.isTTY === true ? `${paint.bold("▸")} ` : "dev: ";
  let told: string | undefined;
  let isAtLineStart = true;
  const write = (text: string) => {
    stdout.write(text);
    isAtLineStart = text.endsWith("\n");
  };
  return {
    output: write,
    show(event) {
      const lines = event.type === "failed" ? failureLines(event) : linesOf(event, cwd, paint);
      if (event.type !== "failed") told = undefined;
      if (!isAtLineStart) write("\n");
      if (lines.length > 0) write(lines.map((line, index) => `${index === 0 ? lead : "     "}${line}\n`).join(""));
      if (event.type === "failed" && lines.length === 0)
        write(`${lead}${paint.red("the same is still wrong")}${filesText(event, cwd)}\n`);
    },
  };

  /** Empty for what was said last. */
  function failureLines(event: Extract<DevEvent, { readonly type: "failed" }>): readonly string[] {
    const placed = event.problems.map(placeProblem);
    const text = placed
      .map(({ problem, excerpt }) => {
        const shown = formatProblems([problem], cwd, paint);
        return excerpt === "" ? shown : `${shown}${excerpt.replaceAll(/^/gm, "    ")}\n`;
      })
      .join("\n");
    if (text === told) return [];
    told = text;
    const rest = event.goesOn ? "what ran before goes on" : "nothing runs until this is mended";
    write(`\n${text}\n`);
    return [`${paint.red(count(event.problems.length, "problem"))}; ${rest}${filesText(event, cwd)}`];
  }
}

function linesOf(event: Exclude<DevEvent, { readonly type: "failed" }>, cwd: string, paint: Paint): readonly string[] {
  switch (event.type) {
    case "ended":
      return [`${paint.red(`the platform ended ${event.how}`)}; it is started again with the next change`];
    case "running": {
      const { url, modules, without, reason, durationMs } = event;
      const what = reason === undefined ? "running" : `restarted as a whole, because ${reason}:`;
      const lack = without.length === 0 ? "" : paint.red(`, without ${without.join(", ")}`);
      const where = url === null ? "" : ` on ${paint.bold(url)}`;
      return [
        `${paint.green(what)}${where}, ${count(modules, "module")}${lack}, in ${took(durationMs)}${filesText(event, cwd)}`,
        ...generatedLines(event, cwd, paint),
      ];
    }
    case "changed": {
      const done = (["added", "removed", "reloaded", "restarted"] as const).flatMap((kind) => {
        const names = event.change[kind];
        return names.length === 0 ? [] : [`${paint.green(kind)} ${names.join(", ")}`];
      });
      const generated = generatedLines(event, cwd, paint);
      if (done.length === 0) return generated;
      const errors = event.change.errors.map(({ message }) => paint.red(message));
      return [`${done.join(", ")} in ${took(event.durationMs)}${filesText(event, cwd)}`, ...errors, ...generated];
    }
    default:
      return event satisfies never;
  }
}

function generatedLines({ generated }: Edited, cwd: string, paint: Paint): readonly string[] {
  return generated.map((file) => paint.dim(`wrote ${pathFrom(cwd, file)}`));
}

function filesText({ files }: Edited, cwd: string): string {
  if (files.length === 0) return "";
  const shown = files.slice(0, shownFiles).map((file) => pathFrom(cwd, file));
  const more = files.length - shown.length;
  return ` (${shown.join(", ")}${more === 0 ? "" : ` and ${more} more`})`;
}
