import type { ControlChange, ControlProblem } from "@plinth/platform/control";

/** How the process of a platform in development is called up. */
export interface PlatformRequest {
  readonly root: string;
  /** Assignments of settings. */
  readonly set: readonly string[];
  /** Whether its log is read by people on a terminal that shows colours. */
  readonly isTerminal: boolean;
}

/** What `dev` tells the process of the platform. */
export type ToPlatform =
  /** Start what has been loaded. */
  | { readonly type: "start" }
  /** These files have come, gone or changed; absolute. */
  | { readonly type: "change"; readonly files: readonly string[] };

/** What the process of the platform tells `dev`. */
export type FromPlatform =
  /** Everything is read, loaded and checked; it waits for `start`. */
  | { readonly type: "loaded" }
  | {
      readonly type: "running";
      readonly url: string | null;
      readonly modules: number;
      /** Modules that the platform is without. */
      readonly without: readonly string[];
      /** Files outside of the modules that were loaded, but for those of installed packages; absolute. */
      readonly others: readonly string[];
    }
  /** It cannot start; the process ends. */
  | { readonly type: "failed"; readonly problems: readonly ControlProblem[] }
  /** What became of the last change. */
  | { readonly type: "changed"; readonly outcome: ChangeOutcome; readonly others: readonly string[] };

/** What became of changed files in a running platform. */
export type ChangeOutcome =
  | { readonly kind: "taken"; readonly change: ControlChange }
  | { readonly kind: "refused"; readonly problems: readonly ControlProblem[] }
  /** It runs as before: only a new process can take the change in, for this reason. */
  | { readonly kind: "restart"; readonly reason: string };
