import { pause } from "@plinth/discovery";
import type { Clock } from "@plinth/module";

/** What keeps a registration true between its changes. */
export interface KeepAliveOptions {
  /** Sends a sign of life, at once and then again and again; `undefined` where none is wanted. */
  readonly beat: { readonly everyMs: number; readonly send: (signal: AbortSignal) => Promise<void> } | undefined;
  /** Looks whether the agent still holds the instance. Rejects when it does not. */
  readonly look: { readonly everyMs: number; readonly ask: (signal: AbortSignal) => Promise<void> };
  /** Called once, with the first thing that went wrong; nothing is done after that. */
  readonly onLost: (error: unknown) => void;
  readonly clock: Clock;
}

/** Begins at once; the returned function ends it and resolves when nothing is under way any more. */
export function keepAlive({ beat, look, onLost, clock }: KeepAliveOptions): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;

  async function repeat(everyMs: number, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    // Jitter keeps processes that started together from asking together.
    while (await pause(clock, everyMs * (0.8 + 0.2 * Math.random()), signal)) await attempt(act);
  }

  async function attempt(act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await act(signal);
    } catch (error) {
      if (signal.aborted) return;
      ending.abort();
      onLost(error);
    }
  }

  async function beatFromNow({ everyMs, send }: NonNullable<KeepAliveOptions["beat"]>): Promise<void> {
    await attempt(send);
    await repeat(everyMs, send);
  }

  const ended = Promise.all([...(beat === undefined ? [] : [beatFromNow(beat)]), repeat(look.everyMs, look.ask)]);
  return async () => {
    ending.abort();
    await ended;
  };
}
