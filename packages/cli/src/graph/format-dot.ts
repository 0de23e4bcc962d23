import type { GraphNode, ModuleGraph } from "./module-graph.ts";

/** The graph in the language of Graphviz. */
export function formatDotGraph({ nodes, edges }: ModuleGraph, focus: string | undefined): string {
  const lines = [
    "digraph modules {",
    "  rankdir=LR;",
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ...nodes.map((node) => `  ${quoted(node.name)} [${attributesOf(node, node.name === focus).join(", ")}];`),
    ...edges.map(
      ({ from, to, range, optional }) =>
        `  ${quoted(from)} -> ${quoted(to)} [tooltip=${quoted(range)}${optional ? ", style=dashed" : ""}];`,
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function attributesOf({ name, version, source }: GraphNode, inFocus: boolean): string[] {
  const label = `label=${quoted(`${name}\n${version ?? "missing"}`)}`;
  return [
    label,
    ...(source === "platform" ? ["color=gray50", "fontcolor=gray30"] : []),
    ...(source === "missing" ? ["color=red", "fontcolor=red"] : []),
    ...(inFocus ? ["penwidth=3"] : []),
  ];
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
