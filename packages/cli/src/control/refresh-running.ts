import { problemsOf } from "@plinth/module";
import type { ControlChange } from "@plinth/platform/control";
import { runningPlatform } from "./running-platform.ts";

/**
 * Lets the platform of a folder read manifests and plugins.lock again, if it runs.
 *
 * @returns what that changed; `undefined` when no platform runs there.
 * @throws PlatformErrors when the running platform could not do it; it goes on as it was.
 */
export async function refreshRunning(root: string, signal?: AbortSignal): Promise<ControlChange | undefined> {
  try {
    return await runningPlatform(root).refresh(signal);
  } catch (thrown) {
    if (isNotRunning(thrown)) return undefined;
    throw thrown;
  }
}

/** Whether an error says that no platform runs in a folder. */
export function isNotRunning(thrown: unknown): boolean {
  return problemsOf(thrown).some(({ code }) => code === "CONTROL_NOT_RUNNING");
}
