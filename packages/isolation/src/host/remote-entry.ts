import type { RemoteService } from "@plinth/module";

/**
 * The URL of the file that makes a service in a module's process; `undefined` where the file cannot
 * be found, as in a platform that is bundled into one file.
 */
export function entryOfRemote(remote: RemoteService<unknown>): string | undefined {
  try {
    return remote.entry;
  } catch {
    return undefined;
  }
}
