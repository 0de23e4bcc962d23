import type { Context } from "./context.ts";

/** The end of a command that goes on until somebody ends it. */
export interface Ending {
  /** Aborts on Ctrl-C, on SIGTERM, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Gives the signals back to whoever had them. */
  readonly release: () => void;
}

/** Begins to wait for the end of a command. */
export async function untilEnded(context: Context): Promise<Ending> {
  const { thisProcess } = await import("@plinth/platform");
  const ending = new AbortController();
  const onSignal = context.onSignal ?? thisProcess().onSignal;
  const release = onSignal(() => ending.abort());
  const { outputClosed } = context;
  const signal = outputClosed === undefined ? ending.signal : AbortSignal.any([ending.signal, outputClosed]);
  return { signal, release };
}
