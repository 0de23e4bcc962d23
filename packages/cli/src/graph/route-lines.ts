import type { Box, Line, Point } from "./picture.ts";

/** The most pixels between two lines that meet at the same side of a box, and least from its corners. */
const gap = 9;
const corner = 9;

interface Ending {
  /** Where the line comes from, or goes to: lines keep their order. */
  readonly towards: number;
  readonly line: number;
  readonly isStart: boolean;
}

/**
 * Leads lines from the side of one box to the side of another, level through the columns between them,
 * where the layout has left room, and curved only between columns.
 *
 * @param ways the points that the layout gives each line, those of its ends included.
 */
export function routeLines(boxes: readonly Box[], ways: readonly Line[]): Line[] {
  const byName = new Map(boxes.map((box) => [box.node.name, box]));
  const columns = new Map(boxes.map(({ x, width }) => [x, width]));
  const drafts = ways.flatMap(({ edge, points }) => {
    const [from, to] = [byName.get(edge.from), byName.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const through = points
      .slice(1, -1)
      .map(({ x, y }) => ({ x: Math.round(x), y }))
      .filter(({ x }) => columns.has(x) && x !== from.x && x !== to.x);
    return [{ edge, from, to, through, rightwards: from.x <= to.x }];
  });

  const sides = new Map<string, Ending[]>();
  for (const [line, { from, to, through, rightwards }] of drafts.entries()) {
    const add = (box: Box, right: boolean, ending: Ending) => {
      const key = `${box.node.name} ${right ? "right" : "left"}`;
      sides.set(key, [...(sides.get(key) ?? []), ending]);
    };
    add(from, rightwards, { towards: (through[0] ?? to).y, line, isStart: true });
    add(to, !rightwards, { towards: (through.at(-1) ?? from).y, line, isStart: false });
  }
  const starts: number[] = [];
  const ends: number[] = [];
  for (const [key, endings] of sides) {
    const box = byName.get(key.slice(0, key.indexOf(" ")));
    if (box === undefined) continue;
    const step = Math.min(gap, (box.height - 2 * corner) / Math.max(1, endings.length - 1));
    for (const [index, { line, isStart }] of endings.toSorted((a, b) => a.towards - b.towards).entries()) {
      (isStart ? starts : ends)[line] = box.y + (index - (endings.length - 1) / 2) * step;
    }
  }

  return drafts.map(({ edge, from, to, through, rightwards }, line) => {
    const sign = rightwards ? 1 : -1;
    const beside = ({ x, y }: Point, width: number, side: number): Point => ({ x: x + (side * width) / 2, y });
    return {
      edge,
      points: [
        beside({ x: from.x, y: starts[line] ?? from.y }, from.width, sign),
        ...through.flatMap((point) => {
          const width = columns.get(point.x) ?? 0;
          return [beside(point, width, -sign), beside(point, width, sign)];
        }),
        beside({ x: to.x, y: ends[line] ?? to.y }, to.width, -sign),
      ],
    };
  });
}
