import { type PlatformError, problemsOf } from "@plinth/module";
import type { ControlStatus } from "@plinth/platform/control";
import { runningPlatform } from "./running-platform.ts";

/** The platform's status, or why it could not be asked. */
export type AskedStatus =
  | { readonly status: ControlStatus; readonly problems: readonly [] }
  | { readonly status: undefined; readonly problems: readonly PlatformError[] };

/** Asks the platform of a folder. Rejects only with what is no error of the platform. */
export async function askStatus(root: string, signal?: AbortSignal): Promise<AskedStatus> {
  try {
    return { status: await runningPlatform(root).status(signal), problems: [] };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return { status: undefined, problems };
  }
}
