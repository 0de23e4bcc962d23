import type { ProcessContext } from "@plinth/platform";

/** A stream that a command writes to. */
export interface Output {
  readonly isTTY?: boolean;
  /** The width of the terminal. */
  readonly columns?: number;
  /** The height of the terminal. */
  readonly rows?: number;
  write(text: string): unknown;
}

/** A folder for what was found before. */
export interface Cache {
  /** Absolute; it may be missing. */
  readonly folder: string;
  /** Tells programs apart that may find something else. */
  readonly program: string;
}

/**
 * The part of the process that commands touch. What a started platform needs besides may be given
 * too; the process's own stands in for what is left out.
 */
export interface Context extends Partial<Pick<ProcessContext, "onSignal" | "onUncaught" | "exit">> {
  /** The arguments, without those that name the program. */
  readonly args: readonly string[];
  /** The current folder, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What people type, where a command asks them. Default: that of the process. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Gets nothing but a command's result. */
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Throws, for a command that finds out that it has to run from the installed packages, before it has written
   * anything. Left out where it runs from them.
   */
  readonly leaveBundle?: () => never;
  /** Where what was found before is kept. Left out: nothing is, and everything is looked at anew. */
  readonly cache?: Cache;
  /** Aborts when nobody reads the standard output any more. Default: that is never known. */
  readonly outputClosed?: AbortSignal;
}

/** The process that we are in. A reader that closes its end of an output is no error. */
export function thisContext(): Context {
  const outputClosed = new AbortController();
  const { stdout } = process;
  ignoreClosing(stdout, () => outputClosed.abort());
  let stderr: Output | undefined;
  return {
    args: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdout,
    // Most commands write nothing there, and making the stream takes time.
    get stderr() {
      stderr ??= ignoreClosing(process.stderr, () => {});
      return stderr;
    },
    outputClosed: outputClosed.signal,
  };
}

function ignoreClosing(stream: NodeJS.WriteStream, onClosed: () => void): NodeJS.WriteStream {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    onClosed();
  });
  return stream;
}
