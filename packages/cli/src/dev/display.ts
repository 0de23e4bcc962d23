import type { ControlChange, ControlProblem } from "@plinth/platform/control";
import type { Running } from "./platform-process.ts";

/** Something that happened in the development loop. Times are milliseconds from the edit's being noticed, or from the call. */
export type DevEvent =
  | ({ readonly type: "running"; readonly reason: string | undefined; readonly durationMs: number } & Running & Edited)
  | ({ readonly type: "changed"; readonly change: ControlChange; readonly durationMs: number } & Edited)
  /** `goesOn`: what ran before is still running. */
  | ({ readonly type: "failed"; readonly problems: readonly ControlProblem[]; readonly goesOn: boolean } & Edited)
  /** The process of the platform ended by itself. */
  | { readonly type: "ended"; readonly how: string };

/** What was edited, and what was generated for it; absolute. */
export interface Edited {
  readonly files: readonly string[];
  readonly generated: readonly string[];
}

/** Shows what happens. */
export interface Display {
  show(event: DevEvent): void;
  /** What the platform logs and prints. */
  output(text: string): void;
}
