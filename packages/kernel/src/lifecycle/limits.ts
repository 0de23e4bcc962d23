/** Time limits, in milliseconds. */
export interface Limits {
  /** For one hook of a module's start whose manifest names none. */
  readonly startMs: number;
  /** For one hook of a module's stop whose manifest names none. */
  readonly stopMs: number;
  /** For the whole stop, and for the rollback of a failed start. */
  readonly totalStopMs: number;
  /** For one health check. */
  readonly healthMs: number;
  /** A hook that holds the event loop longer than this is reported. */
  readonly blockedMs: number;
}

/** The limits that hold where nothing else is said. */
export const defaultLimits: Limits = {
  startMs: 15_000,
  stopMs: 15_000,
  totalStopMs: 30_000,
  healthMs: 5_000,
  blockedMs: 1_000,
};
