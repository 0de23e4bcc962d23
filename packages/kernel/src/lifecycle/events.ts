import type { PlatformEvent } from "@plinth/module";

type Listener = (event: PlatformEvent) => void;

/** Hands each event to all listeners, in the order in which they came. */
export class EventStream {
  /** Replaced, never changed, so that a listener may come or go while an event is handed on. */
  #listeners: readonly Listener[] = [];

  /** Whether anybody listens; an event need not be made otherwise. */
  get watched(): boolean {
    return this.#listeners.length > 0;
  }

  /** Calls `listener` with each event until the returned function is called. */
  listen(listener: Listener): () => void {
    const own: Listener = (event) => listener(event);
    this.#listeners = [...this.#listeners, own];
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== own);
    };
  }

  emit(event: PlatformEvent): void {
    const listeners = this.#listeners;
    for (let index = 0; index < listeners.length; index += 1) listeners[index]?.(event);
  }
}
