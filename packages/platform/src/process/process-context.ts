/** The part of the process that running a platform touches, so that tests can hand in their own. */
export interface ProcessContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
  /** Calls `listener` for each signal until the returned function is called. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Calls `listener` for each error that nobody caught until the returned function is called. */
  onUncaught(listener: (error: unknown) => void): () => void;
  /** Ends the process. */
  exit(code: number): void;
}

const signals = ["SIGTERM", "SIGINT"] as const;

/** The process that we are in. */
export function thisProcess(): ProcessContext {
  return {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(listener) {
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    onUncaught(listener) {
      process.on("unhandledRejection", listener);
      process.on("uncaughtException", listener);
      return () => {
        process.off("unhandledRejection", listener);
        process.off("uncaughtException", listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
