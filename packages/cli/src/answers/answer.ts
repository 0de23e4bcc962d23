/** What a command answered, and what it had learned to do so. */
export interface Answer {
  /** Everything besides the disk that the answer depends on. */
  readonly key: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** As in {@link Trace}. */
  readonly stats: readonly (readonly [path: string, key: string | null])[];
  readonly links: readonly (readonly [path: string, key: string | null])[];
  readonly targets: readonly (readonly [path: string, target: string | null])[];
}
