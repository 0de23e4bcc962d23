/** Requests to each module that wait at most while it is being exchanged; further ones are turned away. */
const mostParked = 1_000;

interface Hold {
  readonly parked: Set<() => void>;
  readonly ended: PromiseWithResolvers<void>;
}

/** Requests that wait for modules which are stopped only to be started again at once. */
export class HeldRequests {
  readonly #holds = new Map<string, Hold>();

  /** Lets requests to these modules wait until the returned function is called. */
  hold(modules: readonly string[]): () => void {
    const mine = modules.map((module) => {
      const hold: Hold = { parked: new Set(), ended: Promise.withResolvers() };
      this.#holds.set(module, hold);
      return { module, hold };
    });
    return () => {
      for (const { module, hold } of mine) {
        if (this.#holds.get(module) === hold) this.#holds.delete(module);
        hold.ended.resolve();
        letGo(hold);
      }
    };
  }

  /**
   * Calls `resume` once when requests to the module may be tried again, unless the returned function is
   * called first. Returns `undefined` when the module is not held, or too many wait already.
   */
  park(module: string, resume: () => void): (() => void) | undefined {
    const hold = this.#holds.get(module);
    if (hold === undefined || hold.parked.size >= mostParked) return undefined;
    hold.parked.add(resume);
    return () => hold.parked.delete(resume);
  }

  /** Lets the waiting requests of a module that runs again go on; later ones need not wait as it is open. */
  resume(module: string): void {
    const hold = this.#holds.get(module);
    if (hold !== undefined) letGo(hold);
  }

  /** Resolves when the module is not held any more; `undefined` when it is not held. */
  whenReleased(module: string): Promise<void> | undefined {
    return this.#holds.get(module)?.ended.promise;
  }
}

function letGo({ parked }: Hold): void {
  const waiting = [...parked];
  parked.clear();
  for (const resume of waiting) resume();
}
