import { thisProcess } from "@plinth/platform";
import type { Context } from "../context.ts";

/**
 * Does something that must not be broken off in the middle: Ctrl-C and SIGTERM count before and after it, never in
 * between. `work` is synchronous and quick, so nobody waits for it.
 */
export function undisturbed<T>(context: Context, work: () => T): T {
  const onSignal = context.onSignal ?? thisProcess().onSignal;
  // While somebody listens, a signal does not end the process; and as nothing is awaited, nobody is told.
  const release = onSignal(() => {});
  try {
    return work();
  } finally {
    release();
  }
}
