import type { PlatformEvent, StartReport } from "@plinth/module";

/** Knows how long the last start of each module took. */
export class StartTimes {
  readonly #begun = new Map<string, number>();
  readonly #took = new Map<string, number>();
  #report: StartReport | undefined;

  /** The start of the whole platform, once it has ended. */
  get report(): StartReport | undefined {
    return this.#report;
  }

  /** To be told of each event of the platform. */
  tell(event: PlatformEvent): void {
    if (event.type !== "module.state") return;
    const { module, to, at } = event;
    const begun = this.#begun.get(module);
    // A module without anything to prepare has no first of the two.
    if (to === "migrating" || to === "starting") this.#begun.set(module, begun ?? at);
    else this.#begun.delete(module);
    if (to === "running" && begun !== undefined) this.#took.set(module, at - begun);
  }

  /** The first start has ended. Its spans are more exact than events. */
  ended(report: StartReport): void {
    this.#report = report;
    const from = new Map<string, number>();
    for (const { module, phase, startMs, durationMs } of report.spans) {
      if (phase === "load") continue;
      const begun = from.get(module) ?? startMs;
      from.set(module, begun);
      this.#took.set(module, startMs + durationMs - begun);
    }
  }

  /** Milliseconds from `setup` to running; `undefined` for a module that has not come there. */
  of(module: string): number | undefined {
    return this.#took.get(module);
  }
}
