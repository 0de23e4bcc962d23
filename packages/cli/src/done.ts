import type { ExitCode } from "./exit-codes.ts";

/** Called once, by the command that ran, with what its outcome means. */
export type Done = (code: ExitCode) => void;
