import { inspect } from "node:util";
import type { Logger, LogMethod } from "@plinth/module";
import type { Connection } from "../channel/connection.ts";
import { encodeError, errorField } from "../channel/errors.ts";
import { runtimeTarget } from "../channel/protocol.ts";

/**
 * The module's log, written by the host. While the channel is full lines are left out, and the next
 * one says how many.
 */
export function childLog(connection: Connection): Logger {
  let left = 0;
  const write = (level: string, fields: Readonly<Record<string, unknown>>, message: string): void => {
    if (!connection.isWritable) {
      left++;
      return;
    }
    if (left > 0) {
      connection.tell(runtimeTarget, "log", [
        "warn",
        { lines: left },
        "lines of this log were left out: too many at once",
      ]);
      left = 0;
    }
    try {
      connection.tell(runtimeTarget, "log", [level, sendable(fields), message]);
    } catch {
      connection.tell(runtimeTarget, "log", [
        level,
        { fields: inspect(fields).slice(0, 8192) },
        message.slice(0, 8192),
      ]);
    }
  };
  const logger = (bound: Readonly<Record<string, unknown>>): Logger => {
    const method = (level: string): LogMethod => {
      return (...args: [string] | [Readonly<Record<string, unknown>>, string]) => {
        const [fields, message] = args.length === 1 ? [{}, args[0]] : args;
        write(level, { ...bound, ...fields }, String(message));
      };
    };
    return {
      trace: method("trace"),
      debug: method("debug"),
      info: method("info"),
      warn: method("warn"),
      error: method("error"),
      child: (fields) => logger({ ...bound, ...fields }),
    };
  };
  return logger({});
}

function sendable(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Object.values(fields).some((value) => value instanceof Error)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { [errorField]: encodeError(value) } : value,
    ]),
  );
}
