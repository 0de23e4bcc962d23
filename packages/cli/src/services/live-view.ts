import type { Snapshot } from "@plinth/discovery";
import type { Output } from "../context.ts";
import type { Paint } from "../output/paint.ts";
import { countsOf, instanceTable } from "./instance-table.ts";

const home = "\u001b[H";
const clearLine = "\u001b[K";
const clearBelow = "\u001b[J";
const clearScreen = "\u001b[2J";

/** A screen that always shows the latest. */
export class LiveView {
  readonly #output: Output;
  readonly #paint: Paint;

  constructor(output: Output, paint: Paint) {
    this.#output = output;
    this.#paint = paint;
    output.write(clearScreen);
  }

  /** Draws a snapshot in place of the last one. `now` is milliseconds since 1970-01-01 UTC, for the age of what is stale. */
  draw(snapshot: Snapshot, now: number): void {
    const { rows = 24 } = this.#output;
    const lines = screenOf(snapshot, now, this.#paint);
    // The last line stays free, so that nothing scrolls.
    const room = Math.max(rows - 1, 4);
    const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `and ${lines.length - room + 1} more`];
    this.#output.write(`${home}${shown.map((line) => `${line}${clearLine}\n`).join("")}${clearBelow}`);
  }
}

/** What the screen shows. */
export function screenOf(snapshot: Snapshot, now: number, paint: Paint): readonly string[] {
  const { service, instances } = snapshot;
  const table = instanceTable(instances, paint).split("\n").slice(0, -1);
  return [`${paint.bold(service)}  ${countsOf(instances)}  ${statusOf(snapshot, now, paint)}`, "", ...table];
}

function statusOf({ status, observedAt, lastError }: Snapshot, now: number, paint: Paint): string {
  if (status === "live") return paint.dim(`as of ${new Date(observedAt).toISOString().slice(11, 19)}Z, Ctrl-C ends`);
  const age = Math.round((now - observedAt) / 1_000);
  return paint.red(`last known, ${age} s old: ${lastError?.message ?? "the registry cannot be asked"}`);
}
