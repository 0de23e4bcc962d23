import type { ControlStatus } from "@plinth/platform/control";
import { runningPlatform } from "../control/running-platform.ts";

const limitMs = 3_000;

/** The process in which the platform of a folder runs, as its control socket says; `undefined` where that tells of none. */
export async function ownProcess(root: string): Promise<Pick<ControlStatus, "pid" | "url"> | undefined> {
  try {
    return await runningPlatform(root).status(AbortSignal.timeout(limitMs));
  } catch {
    // It does not run, its control is off, or it does not answer: then what it has shows in other ways.
    return undefined;
  }
}
