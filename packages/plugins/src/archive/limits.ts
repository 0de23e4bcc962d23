/** What an archive may hold at most. */
export interface ArchiveLimits {
  /** Bytes of the archive itself. */
  readonly archiveBytes: number;
  /** Bytes of all files together. */
  readonly unpackedBytes: number;
  readonly files: number;
  /** How many times larger than the archive its content may be; what is below a megabyte is always fine. */
  readonly ratio: number;
}

/** The limits for plugins. */
export const defaultLimits: ArchiveLimits = {
  archiveBytes: 64 * 1024 * 1024,
  unpackedBytes: 256 * 1024 * 1024,
  files: 20_000,
  ratio: 100,
};
