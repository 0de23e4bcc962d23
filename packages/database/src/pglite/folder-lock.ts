import { platformError } from "@plinth/module";
import { type LockRefusal, type ProcessLock, takeLock } from "@plinth/process-lock";

/**
 * Takes the lock on a database folder: the file `<folder>.lock` beside it. It is taken from a process
 * that is dead, and from nobody else.
 *
 * @throws PlatformError `DATABASE_FOLDER_IN_USE`, `DATABASE_FOLDER_FOREIGN` or `DATABASE_FOLDER_LOCK`.
 */
export function lockFolder(folder: string): Promise<ProcessLock> {
  return takeLock(`${folder}.lock`, (refusal) => refused(folder, refusal));
}

function refused(folder: string, refusal: LockRefusal): Error {
  if (refusal.reason === "damaged") {
    return platformError("DATABASE_FOLDER_LOCK", { lock: refusal.file }, { cause: refusal.cause });
  }
  const { pid, host } = refusal.holder;
  if (refusal.reason === "unknown") {
    return platformError("DATABASE_FOLDER_FOREIGN", { folder, pid, host, lock: `${folder}.lock` });
  }
  const detail = pid === process.pid ? ", which is this very process" : "";
  return platformError("DATABASE_FOLDER_IN_USE", { folder, pid, detail });
}
