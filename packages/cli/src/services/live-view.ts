import type { Snapshot } from "@plinth/discovery";
import type { Output } from "../context.ts";
import { LiveScreen } from "../output/live-screen.ts";
import type { Paint } from "../output/paint.ts";
import { countsOf, instanceTable } from "./instance-table.ts";

/** A screen that always shows the latest. */
export class LiveView {
  readonly #screen: LiveScreen;
  readonly #paint: Paint;

  constructor(output: Output, paint: Paint) {
    this.#screen = new LiveScreen(output);
    this.#paint = paint;
  }

  /** Draws a snapshot in place of the last one. `now` is milliseconds since 1970-01-01 UTC, for the age of what is stale. */
  draw(snapshot: Snapshot, now: number): void {
    this.#screen.draw(screenOf(snapshot, now, this.#paint));
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
