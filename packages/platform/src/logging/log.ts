import type { Logger } from "@plinth/module";
import { type LoggerOptions, pino, stdTimeFunctions } from "pino";
import { prettyFactory } from "pino-pretty";
import type { PlatformKeys } from "../settings/platform-keys.ts";

/** A stream that log lines are written to. */
export interface LogStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * The platform's log: pino, as JSON lines or, on a terminal, readable and in colour unless `NO_COLOR`
 * is set. Lines are written as they come, so that none is lost when the process ends.
 */
export function createLog(
  settings: PlatformKeys["log"],
  stream: LogStream,
  env: Readonly<Record<string, string | undefined>>,
): Logger {
  const readable = settings.format === "pretty" || (settings.format === "auto" && stream.isTTY === true);
  const colorize = stream.isTTY === true && (env.NO_COLOR ?? "") === "";
  const write = readable ? readableLines(stream, colorize) : (line: string) => void stream.write(line);
  const options: LoggerOptions = {
    level: settings.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, { write }) as unknown as Logger;
}

function readableLines(stream: LogStream, colorize: boolean): (line: string) => void {
  const format = prettyFactory({
    colorize,
    ignore: "pid,hostname,module,code,fix",
    messageFormat: "{if module}{module}: {end}{msg}",
    translateTime: "SYS:HH:MM:ss.l",
    singleLine: true,
  });
  return (line) => void stream.write(format(line));
}
