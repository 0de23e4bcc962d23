import type { PlatformError } from "@plinth/module";

/** What one check of `platformctl doctor` found. */
export interface Check {
  readonly name: string;
  /** `skipped`: it could not be looked at, or there is nothing to look at. */
  readonly status: "ok" | "problem" | "skipped";
  /** What was found, in a few words. */
  readonly message: string;
  /** Each with its mend. Empty unless the status is `problem`. */
  readonly problems: readonly PlatformError[];
}

/** A check that found nothing wrong, or nothing to look at. */
export function passed(name: string, message: string, status: "ok" | "skipped" = "ok"): Check {
  return { name, status, message, problems: [] };
}

/** A check that found something wrong. */
export function failed(name: string, message: string, problems: readonly PlatformError[]): Check {
  return { name, status: "problem", message, problems };
}
