/** Writes one line of one level. Fields come first, as with pino. */
export interface LogMethod {
  (message: string): void;
  (fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What a module logs to. Each line carries the module's name. A subset of pino's logger. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  /** A logger that adds `fields` to each of its lines. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

const ignore: LogMethod = () => {};

/** Drops every line. */
export const silentLogger: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLogger,
};
