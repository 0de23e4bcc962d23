import { layOut } from "./layout.ts";
import type { GraphNode, ModuleGraph } from "./module-graph.ts";
import type { Box, Picture, Point, Size } from "./picture.ts";
import { shortcuts } from "./shortcuts.ts";

/** The width of a letter of a monospaced font, as a part of its size; those in use have 0.55 to 0.602. */
const letter = 0.602;
const nameSize = 13;
const noteSize = 10.5;
const boxHeight = 42;
const margin = 24;
const headerHeight = 54;

/** Apart from each other for most people, on white and as lines of one pixel and a half. */
const hues = ["#2563eb", "#b45309", "#0f766e", "#a21caf", "#4d7c0f", "#be123c", "#4338ca", "#0e7490"] as const;
const grey = "#64748b";
const red = "#dc2626";

/** What is drawn besides the graph. */
export interface SvgOptions {
  /** A line above the picture. */
  readonly title: string;
  /** The module that the picture is about. */
  readonly focus?: string | undefined;
}

/**
 * A picture that stands by itself: no scripts, no fonts but those of the machine, as large as what is drawn.
 * Lines have the colour of the module that depends; those that a longer way makes redundant are thin.
 */
export function formatSvgGraph(graph: ModuleGraph, { title, focus }: SvgOptions): string {
  const picture = layOut(graph, boxSize);
  const colours = coloursOf(picture);
  const legend = legendOf(graph);
  const width = Math.max(picture.width, title.length * 15 * letter, widthOf(legend)) + 2 * margin;
  const height = picture.height + headerHeight + 2 * margin;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">`,
    `<title>${escaped(title)}</title>`,
    `<defs>${markersOf(new Set(colours.values()))}</defs>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${margin}" y="${margin + 14}" font-size="15" font-weight="600" fill="#0f172a">${escaped(title)}</text>`,
    ...legend.map(({ text, x, colour }) => legendEntry(text, margin + x, margin + 34, colour)),
    `<g transform="translate(${margin} ${margin + headerHeight})">`,
    ...linesOf(picture, graph, colours),
    ...picture.boxes.map((box) => boxOf(box, colours.get(box.node.name) ?? grey, box.node.name === focus)),
    "</g>",
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function boxSize({ name, version }: GraphNode): Size {
  const text = Math.max(name.length * nameSize, (version ?? "missing").length * noteSize) * letter;
  return { width: Math.ceil(text) + 34, height: boxHeight };
}

/** Neighbours from top to bottom have different colours. */
function coloursOf({ boxes }: Picture): ReadonlyMap<string, string> {
  const sorted = boxes.toSorted((a, b) => a.x - b.x || a.y - b.y);
  let next = 0;
  const colourOf = ({ source }: GraphNode): string => {
    if (source === "missing") return red;
    if (source === "platform") return grey;
    next += 1;
    return hues[(next - 1) % hues.length] ?? grey;
  };
  return new Map(sorted.map(({ node }) => [node.name, colourOf(node)]));
}

function linesOf({ lines }: Picture, graph: ModuleGraph, colours: ReadonlyMap<string, string>): string[] {
  const light = shortcuts(graph);
  // Thin lines first, so that the others lie over them.
  const sorted = lines.toSorted((a, b) => Number(light.has(b.edge)) - Number(light.has(a.edge)));
  return sorted.map(({ edge, points }) => {
    const { from, to, range, optional } = edge;
    const colour = colours.get(from) ?? grey;
    const look = light.has(edge) ? 'stroke-width="1" opacity="0.45"' : 'stroke-width="1.6" opacity="0.9"';
    const dashes = optional ? ' stroke-dasharray="5 4"' : "";
    const what = `${from} -> ${to} ${range}${optional ? " (optional)" : ""}`;
    return `<path d="${curve(points)}" fill="none" stroke="${colour}" ${look}${dashes} marker-end="url(#${markerOf(colour)})"><title>${escaped(what)}</title></path>`;
  });
}

function boxOf({ node, x, y, width, height }: Box, colour: string, inFocus: boolean): string {
  const { name, version, source } = node;
  const [left, top] = [x - width / 2, y - height / 2];
  const border = source === "directory" || source === "static" || source === "plugin" ? "" : ' stroke-dasharray="4 3"';
  const fill = inFocus ? "#fef3c7" : source === "platform" ? "#f1f5f9" : source === "missing" ? "#fef2f2" : "#ffffff";
  const stroke = inFocus ? 'stroke="#d97706" stroke-width="2.5"' : `stroke="${colour}" stroke-width="1.2"`;
  const text = left + 18;
  return [
    `<g><title>${escaped(`${name} ${version ?? "missing"}`)}</title>`,
    `<rect x="${round(left)}" y="${round(top)}" width="${width}" height="${height}" rx="7" fill="${fill}" ${stroke}${border}/>`,
    `<rect x="${round(left + 6)}" y="${round(top + 8)}" width="4" height="${height - 16}" rx="2" fill="${colour}"/>`,
    `<text x="${round(text)}" y="${round(top + 18.5)}" font-size="${nameSize}" font-weight="600" fill="#0f172a">${escaped(name)}</text>`,
    `<text x="${round(text)}" y="${round(top + 33)}" font-size="${noteSize}" fill="${source === "missing" ? red : grey}">${escaped(version ?? "missing")}</text></g>`,
  ].join("");
}

/** Curves between columns, straight through them. It stays between its points, and thus within the picture. */
function curve(points: readonly Point[]): string {
  const at = (x: number, y: number) => `${round(x)} ${round(y)}`;
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${at(x, y)}`;
      if (index % 2 === 0) return `L${at(x, y)}`;
      const middle = (before.x + x) / 2;
      return `C${at(middle, before.y)} ${at(middle, y)} ${at(x, y)}`;
    })
    .join("");
}

function markersOf(colours: ReadonlySet<string>): string {
  return [...colours]
    .map(
      (colour) =>
        `<marker id="${markerOf(colour)}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="${colour}"/></marker>`,
    )
    .join("");
}

function markerOf(colour: string): string {
  return `arrow-${colour.slice(1)}`;
}

interface LegendEntry {
  readonly text: string;
  readonly x: number;
  readonly colour: string;
}

/** Only what the picture has. */
function legendOf({ nodes, edges }: ModuleGraph): LegendEntry[] {
  const texts: (readonly [string, string])[] = [["a → b: a depends on b", "#334155"]];
  if (edges.some(({ optional }) => optional)) texts.push(["dashed line: optional", "#334155"]);
  if (nodes.some(({ source }) => source === "platform")) texts.push(["dashed box: of the platform itself", grey]);
  if (nodes.some(({ source }) => source === "missing")) texts.push(["red: missing", red]);
  let x = 0;
  return texts.map(([text, colour]) => {
    const entry = { text, x, colour };
    x += text.length * noteSize * letter + 24;
    return entry;
  });
}

function legendEntry(text: string, x: number, y: number, colour: string): string {
  return `<text x="${round(x)}" y="${y}" font-size="${noteSize}" fill="${colour}">${escaped(text)}</text>`;
}

function widthOf(legend: readonly LegendEntry[]): number {
  const last = legend.at(-1);
  return last === undefined ? 0 : last.x + last.text.length * noteSize * letter;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
