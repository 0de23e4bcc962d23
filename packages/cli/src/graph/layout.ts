import { Graph, layout } from "@dagrejs/dagre";
import type { GraphNode, ModuleGraph } from "./module-graph.ts";
import type { Box, Line, Picture, Point, Size } from "./picture.ts";
import { routeLines } from "./route-lines.ts";

/** Places the modules in columns: what depends on others stands left of them. Boxes of a column are equally wide. */
export function layOut(graph: ModuleGraph, sizeOf: (node: GraphNode) => Size): Picture {
  const drawing = new Graph({ directed: true });
  drawing.setGraph({ rankdir: "LR", nodesep: 16, edgesep: 12, ranksep: 88, acyclicer: "greedy" });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) drawing.setNode(node.name, { ...sizeOf(node) });
  for (const { from, to } of graph.edges) if (from !== to) drawing.setEdge(from, to, {});
  layout(drawing);
  const placed = graph.nodes.map((node): Box => {
    const { x, y, width, height } = drawing.node(node.name);
    return { node, x: Math.round(x), y: Math.round(y), width, height };
  });
  const widest = new Map<number, number>();
  for (const { x, width } of placed) widest.set(x, Math.max(widest.get(x) ?? 0, width));
  const boxes = placed.map((box) => ({ ...box, width: widest.get(box.x) ?? box.width }));
  const ways = graph.edges.flatMap((edge) => {
    const points: readonly Point[] | undefined = drawing.edge(edge.from, edge.to)?.points;
    return points === undefined ? [] : [{ edge, points }];
  });
  return moveToZero(boxes, routeLines(boxes, ways));
}

function moveToZero(boxes: readonly Box[], lines: readonly Line[]): Picture {
  const points = lines.flatMap((line) => line.points);
  const bounds = (key: "x" | "y", side: "width" | "height") => {
    const low = Math.min(...boxes.map((box) => box[key] - box[side] / 2), ...points.map((point) => point[key]));
    const high = Math.max(...boxes.map((box) => box[key] + box[side] / 2), ...points.map((point) => point[key]));
    return boxes.length === 0 ? { low: 0, length: 0 } : { low, length: Math.ceil(high - low) };
  };
  const [across, down] = [bounds("x", "width"), bounds("y", "height")];
  const moved = <Place extends Point>(place: Place) => ({ ...place, x: place.x - across.low, y: place.y - down.low });
  return {
    width: across.length,
    height: down.length,
    boxes: boxes.map(moved),
    lines: lines.map((line) => ({ ...line, points: line.points.map(moved) })),
  };
}
