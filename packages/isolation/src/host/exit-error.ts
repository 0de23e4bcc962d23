import { type PlatformError, platformError } from "@plinth/module";

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last that it wrote to its standard error. */
  readonly lastWords: string;
}

/** Exit code of a shell, and of V8 on some systems, for a process that aborted. */
const abortCode = 134;

/** Says of a process that ended although nobody had told it to why it did. */
export function exitError(module: string, memoryMb: number, { code, signal, lastWords }: ProcessExit): PlatformError {
  const details = lastWords.trim() === "" ? {} : { cause: new Error(`its last words:\n${lastWords.trim()}`) };
  if ((signal === "SIGABRT" || code === abortCode) && /out of memory|Reached heap limit/i.test(lastWords)) {
    return platformError("ISOLATION_OUT_OF_MEMORY", { module, limit: memoryMb }, details);
  }
  if (signal !== null) return platformError("ISOLATION_KILLED", { module, signal }, details);
  return platformError("ISOLATION_EXITED", { module, code: code ?? "unknown" }, details);
}
