/** One row of the ledger: a migration that was applied, or that was begun outside a transaction. */
export interface LedgerRow {
  readonly module: string;
  readonly number: number;
  /** The file's name when it was applied. */
  readonly name: string;
  readonly checksum: string;
  /** `running` outlives a process that ended in a migration without a transaction. */
  readonly status: "applied" | "running";
  /** The statement begun last, from 1; `null` for a migration that ran in a transaction. */
  readonly statement: number | null;
  readonly appliedAt: Date;
  readonly durationMs: number;
}
