import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import type { GraphEdge } from "../graph/module-graph.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { count } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
The shortest path comes first. Where there is none, the nearest connection is named: fewest dependencies,
taken in whichever direction.

With --json:
  { "version": 1, "from", "to", "implied", "paths": [[edge]], "more", "nearest": [edge] or null }
An edge is { "from", "to", "range", "optional" }, where "from" depends on "to". "implied" says that the
second module is one of the platform itself, which all others depend on. "more" says that there are more
paths than were asked for. "nearest" is null where there is a path, and where nothing connects the two.

Examples:
  platformctl modules why reports identity
  platformctl modules why reports identity --limit 1 --json

Exit codes:
  0  there is a path    1  there is none    2  the command line is wrong
`;

/** `platformctl modules why`: the dependencies because of which a module comes with another one. */
export function addModulesWhyCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("why")
    .description("Show how one module comes to depend on another.")
    .argument("<from>", "the module that depends")
    .argument("<to>", "the module that it depends on")
    .option("--json", "print JSON instead of text")
    .option("--limit <n>", "show at most so many paths", parseLimit, 20)
    .addHelpText("after", details)
    .action(async (from: string, to: string, _, command: Command) => {
      const options: WhyOptions = command.optsWithGlobals();
      done(await why(context, options, from, to));
    });
}

interface WhyOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly limit: number;
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}

/** The answer, as `--json` prints it. */
interface Why {
  readonly from: string;
  readonly to: string;
  readonly implied: boolean;
  readonly paths: readonly (readonly GraphEdge[])[];
  readonly more: boolean;
  readonly nearest: readonly GraphEdge[] | null;
}

async function why(context: Context, options: WhyOptions, from: string, to: string) {
  const [inspection, { moduleGraph }, { nearestConnection, pathsBetween }, { findModule }] = await Promise.all([
    inspected(context, options),
    import("../graph/module-graph.ts"),
    import("../graph/paths.ts"),
    import("../find-module.ts"),
  ]);
  const { modules } = inspection;
  const [first, second] = [findModule(modules, from), findModule(modules, to)];
  const graph = moduleGraph(modules);
  const { paths, more } = pathsBetween(graph, from, to, options.limit);
  const implied = second.source === "platform" && first.source !== "platform";
  const found = paths.length > 0 || implied || from === to;
  const answer: Why = {
    from,
    to,
    implied,
    paths,
    more,
    nearest: found ? null : (nearestConnection(graph, from, to) ?? null),
  };
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) writeJson(context, "modules why", answer);
  else context.stdout.write(textOf(answer, paint));
  mentionProblems(context, inspection);
  return found ? exitCode.fine : exitCode.findings;
}

function textOf({ from, to, implied, paths, more, nearest }: Why, paint: Paint): string {
  const [one, other] = [paint.bold(from), paint.bold(to)];
  if (from === to) return `${one} is the module itself\n`;
  if (paths.length > 0) {
    const rest = more ? "there are more; --limit shows them\n" : "";
    const number = more ? `more than ${count(paths.length, "path")}` : count(paths.length, "path");
    return `${one} depends on ${other} by ${number}:\n${paths.map((path) => `  ${pathText(path, paint)}\n`).join("")}${rest}`;
  }
  if (implied) return `${one} depends on ${other} because every module does: ${to} belongs to the platform itself\n`;
  const none = `${one} does not depend on ${other}`;
  if (nearest === null) return `${none}, and nothing connects the two\n`;
  return `${none}; the nearest connection is\n  ${connectionText(from, nearest)}\n`;
}

function pathText(path: readonly GraphEdge[], paint: Paint): string {
  const steps = path.map(({ to, range, optional }) => `${to} ${paint.dim(optional ? `${range} optional` : range)}`);
  return [path[0]?.from ?? "", ...steps].join(" -> ");
}

/** `reports -> tickets <- notifications`: the arrows point at what is depended on. */
function connectionText(start: string, edges: readonly GraphEdge[]): string {
  let [text, at] = [start, start];
  for (const { from, to } of edges) {
    const forward = from === at;
    at = forward ? to : from;
    text += ` ${forward ? "->" : "<-"} ${at}`;
  }
  return text;
}
