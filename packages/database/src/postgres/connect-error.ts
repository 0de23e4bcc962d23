import { type PlatformError, platformError } from "@plinth/module";
import { maskedUrl, withoutPassword } from "../masked-url.ts";
import { reasonOf, sqlState } from "../sqlstate.ts";

/** Whether a server that could not be reached may be there in a moment: it is starting, or its name is not known yet. */
export function mayComeUp(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || ["57P03", "53300", "08000", "08001", "08006"].includes(state);
}

/** Why no connection could be made. Neither its text nor its cause holds the password. */
export function connectError(url: string, limitMs: number, error: unknown): PlatformError {
  const reason = withoutPassword(reasonOf(error), url);
  const state = sqlState(error);
  const cause = new Error(reason);
  return state === undefined || mayComeUp(error)
    ? platformError("DATABASE_UNREACHABLE", { url: maskedUrl(url), limit: limitMs, reason }, { cause })
    : platformError("DATABASE_REFUSED", { url: maskedUrl(url), reason, state }, { cause });
}
