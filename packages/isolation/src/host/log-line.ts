import type { Logger } from "@plinth/module";
import { decodeError, errorField, isRecord } from "../channel/errors.ts";

const levels = ["trace", "debug", "info", "warn", "error"] as const;

/** Writes a line that the module's process has sent. Nothing that it may send makes this throw. */
export function logLine(log: Logger, [level, fields, message]: readonly unknown[]): void {
  const known = levels.find((name) => name === level) ?? "info";
  log[known](isRecord(fields) ? withErrors(fields) : {}, String(message));
}

function withErrors(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      isRecord(value) && errorField in value ? decodeError(value[errorField]) : value,
    ]),
  );
}
