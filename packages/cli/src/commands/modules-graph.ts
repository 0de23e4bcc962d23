import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import type { ModuleGraph } from "../graph/module-graph.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import type { GlobalOptions } from "../root.ts";

const formats = ["text", "mermaid", "dot", "svg", "json"] as const;

const details = `
As text, each module stands above what it depends on; (*) marks one whose own dependencies have been
shown before. With --reverse it stands above what depends on it.

The modules of the platform itself are left out: every other module depends on all of them. --all shows
them, with what they need of each other.

With --json, or --format json:
  { "version": 1, "nodes": [{ "name", "version", "source" }], "edges": [{ "from", "to", "range", "optional" }] }
"from" depends on "to". A module that is needed and not there has the source "missing" and no version (null).

Examples:
  platformctl modules graph
  platformctl modules graph --focus tickets --depth 1
  platformctl modules graph --focus identity --reverse       what would notice a change of identity?
  platformctl modules graph --format svg > modules.svg
  platformctl modules graph --format mermaid                 for a page of Markdown

Exit codes:
  0  the graph is complete    1  something is wrong with the platform    2  the command line is wrong
`;

/** `platformctl modules graph`: who depends on whom, as text, as a picture and for other programs. */
export function addModulesGraphCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("graph")
    .description("Show which modules depend on which.")
    .addOption(new Option("--format <format>", "what to print").choices(formats).default("text"))
    .option("--json", "the same as --format json")
    .option("--focus <name>", "only this module and what it depends on")
    .option("--depth <n>", "only so many steps away", parseDepth)
    .option("--reverse", "follow dependents instead of dependencies")
    .option("--all", "with the modules of the platform itself")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: GraphOptions = command.optsWithGlobals();
      done(await showGraph(context, options));
    });
}

interface GraphOptions extends GlobalOptions {
  readonly format: (typeof formats)[number];
  readonly json?: boolean;
  readonly focus?: string;
  readonly depth?: number;
  readonly reverse?: boolean;
  readonly all?: boolean;
}

function parseDepth(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

async function showGraph(context: Context, options: GraphOptions) {
  const [inspection, { moduleGraph, restrictTo }, { reachable, rootsOf }, { findModule }] = await Promise.all([
    inspected(context, options),
    import("../graph/module-graph.ts"),
    import("../graph/reach.ts"),
    import("../find-module.ts"),
  ]);
  const { focus, depth, reverse = false } = options;
  const about = focus === undefined ? undefined : findModule(inspection.modules, focus);
  const withPlatform = options.all === true || about?.source === "platform";
  const whole = moduleGraph(inspection.modules.filter(({ source }) => withPlatform || source !== "platform"));
  const roots = focus === undefined ? rootsOf(whole, reverse) : [focus];
  const graph = restrictTo(whole, new Set(reachable(whole, roots, { reverse, depth }).keys()));
  const name = inspection.settings?.platform.name ?? "platform";
  if (options.json === true || options.format === "json") writeJson(context, "modules graph", graph);
  else context.stdout.write(await render(graph, { ...options, format: options.format, roots, reverse, name }, context));
  mentionProblems(context, inspection);
  return inspection.problems.length === 0 ? exitCode.fine : exitCode.findings;
}

interface RenderOptions extends Pick<GraphOptions, "focus"> {
  readonly format: Exclude<GraphOptions["format"], "json">;
  readonly roots: readonly string[];
  readonly reverse: boolean;
  /** Of the platform. */
  readonly name: string;
}

async function render(graph: ModuleGraph, options: RenderOptions, context: Context): Promise<string> {
  const { format, focus } = options;
  switch (format) {
    case "text": {
      const { formatTextGraph } = await import("../graph/format-text.ts");
      return formatTextGraph(graph, options, createPaint(wantsColour(context.stdout, context.env)));
    }
    case "mermaid":
      return (await import("../graph/format-mermaid.ts")).formatMermaidGraph(graph, focus);
    case "dot":
      return (await import("../graph/format-dot.ts")).formatDotGraph(graph, focus);
    case "svg":
      return (await import("../graph/format-svg.ts")).formatSvgGraph(graph, { title: titleOf(options), focus });
  }
}

function titleOf({ name, focus, reverse }: RenderOptions): string {
  if (focus === undefined) return `The modules of ${name}`;
  return reverse ? `What depends on ${focus} in ${name}` : `What ${focus} depends on in ${name}`;
}
