/** How many queries of one process may wait at the agent at the same time. */
export interface WatchSlots {
  /** Takes a slot, given back by the returned function; `undefined` when all are taken. */
  tryTake(): (() => void) | undefined;
}

/** Slots, all free. */
export function createWatchSlots(size: number): WatchSlots {
  let taken = 0;
  return {
    tryTake() {
      if (taken >= size) return undefined;
      taken += 1;
      let given = false;
      return () => {
        if (!given) taken -= 1;
        given = true;
      };
    },
  };
}
