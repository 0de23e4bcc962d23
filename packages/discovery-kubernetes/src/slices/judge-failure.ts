import { ApiError } from "../api/api-error.ts";
import { BrokenStream } from "./slice-event.ts";
import { WatchOverdue } from "./watch-slices.ts";

/** What is done next: `list` wants nothing older than what is known, `latest` the latest there is. */
export type NextStep = "watch" | "list" | "latest";

/** How a failed list or watch is gone on from. */
export interface Judgement {
  readonly next: NextStep;
  /** `soon`: at once, unless that happened a short while ago. `slow`: somebody has to grant something first. */
  readonly wait: "none" | "soon" | "backoff" | "slow";
  /** The wait is at least so long. */
  readonly atLeastMs: number;
  /** Whether what is known is stale by it. */
  readonly stale: boolean;
}

/**
 * Judges what a list or a watch failed with. A forgotten version is listed anew and makes nothing stale: what is known
 * stands until the list replaces it. Where the server could not be reached, or is too busy, a watch goes on from its
 * version without a list, so that a server that comes back is not met by lists from everybody.
 */
export function judgeFailure(error: unknown, during: "list" | "watch"): Judgement {
  const same = during === "list" ? "list" : "watch";
  const judged = (next: NextStep, wait: Judgement["wait"], stale = true, atLeastMs = 0): Judgement => ({
    next,
    wait,
    stale,
    atLeastMs,
  });
  if (error instanceof ApiError) {
    if (error.gone || error.versionTooLarge) return judged("latest", "soon", false);
    if (error.denied) return judged(same, "slow");
    return judged(error.code === 429 ? same : "list", "backoff", true, Math.min(error.retryAfterMs, 60_000));
  }
  if (error instanceof BrokenStream) return judged("list", "backoff");
  if (error instanceof WatchOverdue) return judged("list", "none");
  return judged(same, "backoff");
}
