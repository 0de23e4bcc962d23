import type { ModuleGraph } from "./module-graph.ts";

/** The graph as a Mermaid flowchart. Names cannot be words of its language, since each has its own number. */
export function formatMermaidGraph({ nodes, edges }: ModuleGraph, focus: string | undefined): string {
  const ids = new Map(nodes.map(({ name }, index) => [name, `m${index}`]));
  const idsOf = (isOne: (node: (typeof nodes)[number]) => boolean) =>
    nodes.filter(isOne).map(({ name }) => ids.get(name));
  const classes = [
    ["platform", "stroke-dasharray: 2 3", idsOf(({ source }) => source === "platform")],
    ["missing", "stroke:#dc2626,color:#dc2626", idsOf(({ source }) => source === "missing")],
    ["focus", "stroke-width:3px", idsOf(({ name }) => name === focus)],
  ] as const;
  const lines = [
    "flowchart LR",
    ...nodes.map(
      ({ name, version, source }) => `  ${ids.get(name)}["${name}<br/>${source === "missing" ? "missing" : version}"]`,
    ),
    ...edges.map(({ from, to, optional }) => `  ${ids.get(from)} ${optional ? "-.->" : "-->"} ${ids.get(to)}`),
    ...classes.flatMap(([name, style, members]) =>
      members.length === 0 ? [] : [`  classDef ${name} ${style}`, `  class ${members.join(",")} ${name}`],
    ),
  ];
  return `${lines.join("\n")}\n`;
}
