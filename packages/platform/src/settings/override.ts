import type { Origin } from "./origin.ts";

/** One value from outside platform.yaml, before it is known which setting it means. */
export interface Override {
  /** The steps of the setting's path as they were written. */
  readonly steps: readonly string[];
  readonly text: string;
  readonly origin: Extract<Origin, { readonly kind: "environment" | "flag" }>;
}
