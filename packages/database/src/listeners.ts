import type { NotificationListener } from "./connection.ts";

/** Who listens on which channel. */
export class Listeners {
  readonly #byChannel = new Map<string, Set<NotificationListener>>();

  get channels(): readonly string[] {
    return [...this.#byChannel.keys()];
  }

  /** Whether the channel is new. */
  add(channel: string, listener: NotificationListener): boolean {
    const listeners = this.#byChannel.get(channel);
    listeners?.add(listener);
    if (listeners === undefined) this.#byChannel.set(channel, new Set([listener]));
    return listeners === undefined;
  }

  /** Whether nobody is left on the channel. */
  remove(channel: string, listener: NotificationListener): boolean {
    const listeners = this.#byChannel.get(channel);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return false;
    return this.#byChannel.delete(channel);
  }

  /** Tells all who listen on one channel. */
  tell(channel: string, payload: string | undefined): void {
    for (const listener of this.#byChannel.get(channel) ?? []) listener(payload);
  }

  /** Tells all that they may have missed something. */
  tellOfGap(): void {
    for (const channel of this.channels) this.tell(channel, undefined);
  }
}
