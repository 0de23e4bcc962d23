import fc from "fast-check";
import { expect, test } from "vitest";
import { createPaint } from "../output/paint.ts";
import { formatDotGraph } from "./format-dot.ts";
import { formatMermaidGraph } from "./format-mermaid.ts";
import { formatSvgGraph } from "./format-svg.ts";
import { formatTextGraph } from "./format-text.ts";
import { layOut } from "./layout.ts";
import type { ModuleGraph } from "./module-graph.ts";
import { nearestConnection, pathsBetween } from "./paths.ts";
import { reachable, rootsOf } from "./reach.ts";
import { shortcuts } from "./shortcuts.ts";

/** `a>b`: a depends on b; `a?b`: it may. */
function graphOf(...edges: string[]): ModuleGraph {
  const names = [...new Set(edges.flatMap((edge) => edge.split(/[>?]/)))];
  return {
    nodes: names.map((name) => ({ name, version: "1.0.0", source: "directory" })),
    edges: edges.flatMap((edge) => {
      const [from = "", to] = edge.split(/[>?]/);
      return to === undefined ? [] : [{ from, to, range: "^1.0.0", optional: edge.includes("?") }];
    }),
  };
}

const graphs = fc
  .uniqueArray(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30, selector: ([a, b]) => `${a}>${b}` })
  .map((pairs) => graphOf(...pairs.map(([a, b]) => (a === b ? `m${a}` : `m${a}>m${b}`)), "m0", "m1"));

const names = (path: readonly { readonly from: string; readonly to: string }[]) =>
  [path[0]?.from, ...path.map(({ to }) => to)].join(" ");

test("paths are found shortest first, and all of them", () => {
  const graph = graphOf("a>b", "b>c", "c>d", "a>c", "a>d", "d>a", "b>d");
  const found = pathsBetween(graph, "a", "d", 10);
  expect(found.paths.map(names)).toEqual(["a d", "a b d", "a c d", "a b c d"]);
  expect(found.more).toBe(false);
  expect(pathsBetween(graph, "a", "d", 2)).toMatchObject({ paths: [{ length: 1 }, { length: 2 }], more: true });
  expect(pathsBetween(graphOf("a>b"), "b", "a", 10)).toEqual({ paths: [], more: false });
});

test("paths are the same as those that trying everything finds", () => {
  const everyPath = ({ edges }: ModuleGraph, at: string, to: string, before: readonly string[]): string[] =>
    edges
      .filter((edge) => edge.from === at && !before.includes(edge.to))
      .flatMap((edge) =>
        edge.to === to
          ? [[...before, to].join(" ")]
          : everyPath({ nodes: [], edges }, edge.to, to, [...before, edge.to]),
      );
  fc.assert(
    fc.property(graphs, (graph) => {
      const { paths } = pathsBetween(graph, "m0", "m1", 100_000);
      expect(paths.map(names).sort()).toEqual(everyPath(graph, "m0", "m1", ["m0"]).sort());
      expect(paths.map(({ length }) => length)).toEqual(paths.map(({ length }) => length).sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});

test("a dense graph of 200 modules costs no more than the paths that are asked for", () => {
  const edges = Array.from({ length: 200 }, (_, from) =>
    Array.from({ length: Math.min(20, 199 - from) }, (__, step) => `m${from}>m${from + step + 1}`),
  );
  const { paths, more } = pathsBetween(graphOf(...edges.flat()), "m0", "m199", 20);
  expect([paths.length, more, paths[0]?.length]).toEqual([20, true, 10]);
});

test("the nearest connection goes over dependencies in whichever direction", () => {
  const graph = graphOf("a>b", "c>b", "c>d", "e>f");
  expect(nearestConnection(graph, "a", "d")?.map(({ from, to }) => `${from}>${to}`)).toEqual(["a>b", "c>b", "c>d"]);
  expect(nearestConnection(graph, "a", "e")).toBeUndefined();
});

test("from its roots all of a graph is reached, cycles too", () => {
  expect(rootsOf(graphOf("a>b", "c>d", "d>c"), false)).toEqual(["a", "c"]);
  expect(rootsOf(graphOf("a>b", "c>b"), true)).toEqual(["b"]);
  fc.assert(
    fc.property(graphs, fc.boolean(), (graph, reverse) => {
      expect(reachable(graph, rootsOf(graph, reverse), { reverse }).size).toBe(graph.nodes.length);
    }),
  );
  expect([...reachable(graphOf("a>b", "b>c"), ["a"], { reverse: false, depth: 1 })]).toEqual([
    ["a", 0],
    ["b", 1],
  ]);
});

test("a shortcut is an edge beside which there is a longer way", () => {
  const graph = graphOf("a>b", "b>c", "a>c", "d>c");
  expect([...shortcuts(graph)]).toEqual([graph.edges[2]]);
  expect(shortcuts(graphOf("a>b", "b>a", "a>c")).size).toBe(0);
});

test("as text, what was shown before is not shown again, and cycles end", () => {
  const graph = graphOf("a>b", "a?c", "b>c", "c>d");
  const text = (roots: string[], depth?: number) =>
    formatTextGraph(graph, { roots, reverse: false, depth }, createPaint(false));
  expect(text(["a"])).toBe(
    ["a 1.0.0", "├── b 1.0.0", "│   └── c 1.0.0", "│       └── d 1.0.0", "└── c 1.0.0 optional (*)", ""].join("\n"),
  );
  expect(text(["a"], 1)).toBe("a 1.0.0\n├── b 1.0.0\n└── c 1.0.0 optional\n");
  const cycle = formatTextGraph(graphOf("a>b", "b>a"), { roots: ["a"], reverse: false }, createPaint(false));
  expect(cycle).toBe("a 1.0.0\n└── b 1.0.0\n    └── a 1.0.0 (*)\n");
});

test("Mermaid and DOT say the same, whatever modules are called", () => {
  const graph = graphOf("end>graph", "end?subgraph");
  expect(formatMermaidGraph(graph, "end")).toBe(
    `flowchart LR
  m0["end<br/>1.0.0"]
  m1["graph<br/>1.0.0"]
  m2["subgraph<br/>1.0.0"]
  m0 --> m1
  m0 -.-> m2
  classDef focus stroke-width:3px
  class m0 focus
`,
  );
  expect(formatDotGraph(graph, undefined)).toContain(
    '  "end" -> "graph" [tooltip="^1.0.0"];\n  "end" -> "subgraph" [tooltip="^1.0.0", style=dashed];\n',
  );
});

test("in a picture no box lies on another, every line goes from box to box, and everything is inside", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { boxes, lines, width, height } = layOut(graph, ({ name }) => ({
        width: 40 + name.length * 20,
        height: 40,
      }));
      expect(lines).toHaveLength(graph.edges.length);
      for (const [index, a] of boxes.entries()) {
        expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
        expect(a.y - a.height / 2).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width / 2).toBeLessThanOrEqual(width);
        expect(a.y + a.height / 2).toBeLessThanOrEqual(height);
        for (const b of boxes.slice(index + 1)) {
          const apart =
            Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
          expect(apart).toBe(true);
        }
      }
      for (const { edge, points } of lines) {
        expect(points.length % 2).toBe(0);
        const ends = [
          [edge.from, points[0]],
          [edge.to, points.at(-1)],
        ] as const;
        for (const [name, point] of ends) {
          const box = boxes.find(({ node }) => node.name === name);
          expect(Math.abs((box?.x ?? 0) - (point?.x ?? 0))).toBeCloseTo((box?.width ?? 0) / 2);
          expect(Math.abs((box?.y ?? 0) - (point?.y ?? 0))).toBeLessThan((box?.height ?? 0) / 2);
        }
        for (const { x, y } of points) {
          expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("the labels of a picture are inside their boxes, and the picture is as large as it says", () => {
  const long = "a-module-with-a-name-that-hardly-fits-anywhere";
  const svg = formatSvgGraph(graphOf(`${long}>b`, "c>b"), { title: 'Modules of "R & D" <x>', focus: "b" });
  expect(svg).toContain("Modules of &quot;R &amp; D&quot; &lt;x&gt;");
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)" viewBox="0 0 \1 \2"/.exec(svg) ?? [];
  expect(Number(width)).toBeGreaterThan(long.length * 13 * 0.6);
  expect(Number(height)).toBeGreaterThan(42);
  const [, left, boxWidth, text] =
    new RegExp(
      `<rect x="([\\d.]+)" y="[\\d.]+" width="(\\d+)"[^>]*/>\\n?<rect[^>]*/>\\n?<text x="([\\d.]+)"[^>]*>${long}<`,
    ).exec(svg) ?? [];
  expect(Number(text) + long.length * 13 * 0.602).toBeLessThan(Number(left) + Number(boxWidth));
});

test("a graph without modules is an empty picture", () => {
  expect(formatSvgGraph({ nodes: [], edges: [] }, { title: "none" })).toMatch(/^<svg .*width="\d+(\.\d+)?" /);
  expect(formatTextGraph({ nodes: [], edges: [] }, { roots: [], reverse: false }, createPaint(false))).toBe("");
});
