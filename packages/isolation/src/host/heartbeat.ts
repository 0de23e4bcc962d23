import type { Clock, Timer } from "@plinth/module";

/** A beat may be late by this many ticks; the limit is so many ticks long. */
const ticks = 4;

/**
 * Watches that another event loop turns. Beats are counted against ticks of our own loop, so that
 * nobody is blamed for the time in which the host itself stood still.
 *
 * @param beat asks for a sign of life.
 * @param onMissed is called once, when there was none for `limitMs`.
 * @returns ends the watching.
 */
export function watchHeartbeat(
  clock: Clock,
  limitMs: number,
  beat: () => Promise<unknown>,
  onMissed: () => void,
): () => void {
  let timer: Timer | undefined;
  let waited = 0;
  let isWaiting = false;
  const ask = () => {
    isWaiting = true;
    waited = 0;
    const answered = () => {
      isWaiting = false;
    };
    beat().then(answered, () => {}); // a connection that is gone is somebody else's to report
  };
  const tick = () => {
    timer = clock.timer(limitMs / ticks, tick);
    if (!isWaiting) ask();
    else if (++waited >= ticks) {
      timer.cancel();
      onMissed();
    }
  };
  timer = clock.timer(limitMs / ticks, tick);
  ask();
  return () => timer?.cancel();
}
