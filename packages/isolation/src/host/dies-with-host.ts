import { realpathSync } from "node:fs";

/** A program and its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

const setpriv = "/usr/bin/setpriv";

/**
 * Lets the system end a process when the one that starts it dies, however that dies. A process whose
 * event loop turns ends itself then; one that is caught in a loop does not notice. Done where Linux's
 * util-linux is installed; elsewhere the command is returned as it is.
 */
export function diesWithHost(command: Command, find: (file: string) => string | undefined = realFile): Command {
  // Busybox has a program of the same name that knows less.
  if (find(setpriv) !== setpriv) return command;
  return { file: setpriv, args: ["--pdeathsig", "KILL", "--", command.file, ...command.args] };
}

function realFile(file: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
