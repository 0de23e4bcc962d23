/** Those who are told when something has changed, each until its signal aborts. */
export class Followers {
  readonly #listeners = new Set<() => void>();

  add(listener: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
