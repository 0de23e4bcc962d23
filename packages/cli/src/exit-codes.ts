/** What the exit code of `platformctl` means. */
export const exitCode = {
  /** The command did what it should, and found nothing wrong. */
  fine: 0,
  /** Something is wrong with the platform, or it failed. */
  findings: 1,
  /** The command line was wrong; nothing was done. */
  usage: 2,
} as const;

/** The code with which a command ends; `undefined` where the process goes on. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode] | undefined;
