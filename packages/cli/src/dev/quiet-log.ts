import type { Logger, LogMethod } from "@plinth/module";

/** A log that leaves out problems, which carry a code and a mend, while somebody else tells of them. */
export function quietLog(log: Logger, isQuiet: () => boolean): Logger {
  const error: LogMethod = (...args: [string] | [Readonly<Record<string, unknown>>, string]) => {
    const [first, message] = args;
    if (typeof first === "string") log.error(first);
    else if (!(isQuiet() && "code" in first && "fix" in first)) log.error(first, message ?? "");
  };
  return {
    trace: log.trace.bind(log),
    debug: log.debug.bind(log),
    info: log.info.bind(log),
    warn: log.warn.bind(log),
    error,
    child: (fields) => quietLog(log.child(fields), isQuiet),
  };
}
