import { inspect } from "node:util";
import { serialize } from "node:v8";
import type { Logger, LogMethod } from "@plinth/module";
import type { Connection } from "../channel/connection.ts";
import { encodeError, errorField } from "../channel/errors.ts";
import { notify } from "../channel/protocol.ts";

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
      notify(connection, "log", "warn", { lines: left }, "lines of this log were left out: too many at once");
      left = 0;
    }
    notify(connection, "log", level, sendable(fields), message);
  };
  const logger = (bound: Readonly<Record<string, unknown>>): Logger => {
    const method = (level: string): LogMethod => {
      return (...args: [string] | [Readonly<Record<string, unknown>>, string]) => {
        const [fields, message] = args.length === 1 ? [{}, args[0]] : args;
        write(level, { ...bound, ...fields }, String(message).slice(0, fieldBytes));
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
  const values = Object.values(fields);
  if (!values.some((value) => typeof value === "object" || typeof value === "function")) return fields;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, sendableField(value)]));
}

/** Errors as errors, other values as they are where that is possible, else as text. */
function sendableField(value: unknown): unknown {
  if (value instanceof Error) return { [errorField]: encodeError(value) };
  try {
    if (serialize(value).length <= fieldBytes) return value;
  } catch {
    // as text then
  }
  return inspect(value).slice(0, fieldBytes);
}

/** A field of a log line may have this many bytes. */
const fieldBytes = 64 * 1024;
