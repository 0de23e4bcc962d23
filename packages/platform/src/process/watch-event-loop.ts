import type { Clock } from "@plinth/module";

/**
 * Calls `onBlocked` with the milliseconds for which the event loop stood still, whenever that was
 * longer than `limitMs`. Looks every half limit; stops when the returned function is called.
 */
export function watchEventLoop(clock: Clock, limitMs: number, onBlocked: (blockedMs: number) => void): () => void {
  const every = limitMs / 2;
  let expected = clock.now() + every;
  let timer = clock.timer(every, look);

  function look(): void {
    const late = clock.now() - expected;
    if (late > limitMs) onBlocked(late);
    expected = clock.now() + every;
    timer = clock.timer(every, look);
  }

  return () => timer.cancel();
}
