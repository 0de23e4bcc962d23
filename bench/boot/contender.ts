import type { Graph } from "../lib/random-graph.ts";

/** Starts one module. */
export type Start = () => Promise<void>;

/** Wires and starts all modules of a graph, each with `start`. What it returns is the time that counts. */
export type Boot = (graph: Graph, start: Start) => Promise<void>;
