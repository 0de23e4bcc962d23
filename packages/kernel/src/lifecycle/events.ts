import type { PlatformEvent } from "@plinth/module";

/** Hands each event to all listeners, in the order in which they came. */
export class EventStream {
  readonly #listeners = new Set<(event: PlatformEvent) => void>();

  /** Whether anybody listens; an event need not be made otherwise. */
  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Calls `listener` with each event until the returned function is called. */
  listen(listener: (event: PlatformEvent) => void): () => void {
    const own = (event: PlatformEvent) => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  emit(event: PlatformEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
