import type { ModuleHealth, ModuleStatus, PlatformState, Problem } from "@plinth/module";
import type { ChangeReport } from "../change/change-report.ts";

/**
 * The protocol between `platformctl` and a running platform: HTTP with JSON over the control socket.
 *
 *   GET  /v1/status                  ControlStatus
 *   GET  /v1/events                  a line of JSON for each PlatformEvent, for as long as the platform runs
 *   POST /v1/modules/NAME/restart    ControlChange: the module with its code of now, and what depends on it
 *   POST /v1/refresh                 ControlChange: manifests and plugins.lock are read again
 *
 * A request that fails is answered with a status from 400 on and {@link ControlProblems}. New keys and
 * requests leave the version as it is; it goes up when one goes away or means something else.
 */
export const controlVersion = "v1";

/** A problem with the text of what lies behind it, which is most often a stack. */
export interface ControlProblem extends Problem {
  readonly cause?: string;
}

/** Why a request failed. */
export interface ControlProblems {
  readonly problems: readonly ControlProblem[];
}

/** A {@link ChangeReport} as it crosses: its errors as problems. */
export interface ControlChange extends Omit<ChangeReport, "errors"> {
  readonly errors: readonly ControlProblem[];
}

/** A running platform at one moment. Points in time are milliseconds since 1970-01-01 UTC. */
export interface ControlStatus {
  readonly name: string;
  /** Absolute, with links followed. */
  readonly root: string;
  readonly pid: number;
  /** The host's API version. */
  readonly version: string;
  readonly state: PlatformState;
  /** When it came into its state. */
  readonly since: number;
  /** When its process began to start it. */
  readonly startedAt: number;
  /** Where its HTTP host listens; `null` when it does not. */
  readonly url: string | null;
  /** The start of the whole platform; `null` while it goes on. */
  readonly start: {
    readonly durationMs: number;
    /** The modules whose starts, one after another, made up the duration. */
    readonly criticalPath: readonly { readonly module: string; readonly durationMs: number }[];
  } | null;
  /** In plan order. */
  readonly modules: readonly ControlledModule[];
}

/** One module of a running platform. */
export interface ControlledModule
  extends Pick<ModuleStatus, "name" | "version" | "source" | "state" | "since" | "critical" | "restarts"> {
  /** The id of its process where that is not the platform's. */
  readonly pid: number | null;
  /** `null` for a module that is not running. */
  readonly health: ModuleHealth["status"] | null;
  /** What its health checks said. */
  readonly messages: readonly string[];
  /** How long its last start took, from `setup` on; `null` for a module that has not been started. */
  readonly startMs: number | null;
  readonly isOnCriticalPath: boolean;
  readonly error: ControlProblem | null;
  /** The module whose failure is the root cause of its being skipped. */
  readonly skippedFor: string | null;
}
