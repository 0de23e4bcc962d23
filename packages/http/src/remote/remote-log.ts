import type { Logger, RemoteLink } from "@plinth/module";

const levels = ["trace", "debug", "info", "warn", "error"] as const;
type Level = (typeof levels)[number];
type Fields = Readonly<Record<string, unknown>>;

/** Writes what the other end logs with {@link remoteLog}. */
export function takeLog(link: RemoteLink, log: Logger): void {
  link.handle("log", ([level, fields, message]) => {
    if (levels.includes(level as Level)) log[level as Level]((fields ?? {}) as Fields, String(message));
  });
}

/** A logger whose lines are written by the other process. Fields that cannot be sent are left out. */
export function remoteLog(link: RemoteLink, fields: Fields = {}): Logger {
  const method =
    (level: Level) =>
    (...line: [message: string] | [fields: Fields, message: string]) => {
      const [own, message] = line.length === 1 ? [{}, line[0]] : line;
      link
        .call("log", [level, { ...fields, ...own }, message])
        .catch(() => link.call("log", [level, {}, message]))
        .catch(() => {});
    };
  return {
    trace: method("trace"),
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    child: (more) => remoteLog(link, { ...fields, ...more }),
  };
}
