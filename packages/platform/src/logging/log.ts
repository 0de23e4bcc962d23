import type { Logger } from "@plinth/module";
import { type DestinationStream, type LoggerOptions, pino, stdTimeFunctions } from "pino";
import pretty from "pino-pretty";
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
  const destination = readable
    ? pretty({
        colorize,
        ignore: "pid,hostname,module",
        messageFormat: "{if module}{module}: {end}{msg}",
        translateTime: "SYS:HH:MM:ss.l",
        destination: { write: (line: string) => stream.write(line) } as never,
        sync: true,
      })
    : ({ write: (line: string) => void stream.write(line) } satisfies DestinationStream);
  const options: LoggerOptions = {
    level: settings.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, destination as DestinationStream) as unknown as Logger;
}
