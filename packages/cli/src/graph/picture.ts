import type { GraphEdge, GraphNode } from "./module-graph.ts";

/** A place in a picture, in pixels from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How large something is drawn, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A module in a picture; `x` and `y` are those of its middle. */
export interface Box extends Point, Size {
  readonly node: GraphNode;
}

/** A dependency in a picture. */
export interface Line {
  readonly edge: GraphEdge;
  /**
   * An even number of points. The way from the first of each two to the second is a curve that begins and
   * ends level; the way on to the next two is straight and level.
   */
  readonly points: readonly Point[];
}

/** A graph with a place for everything, beginning at zero. */
export interface Picture extends Size {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}
