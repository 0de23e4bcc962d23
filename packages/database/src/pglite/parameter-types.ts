import { types } from "@electric-sql/pglite";

/** A JavaScript date as the clock on the wall shows it here, which is what a column without a time zone keeps. */
function localTime(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function asJson(value: unknown): string {
  if (Array.isArray(value)) {
    throw new TypeError("an array is sent as an array of PostgreSQL; for a JSON column give JSON.stringify(array)");
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function asText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const asLocalTime = (value: unknown): string => (value instanceof Date ? localTime(value) : String(value));

/**
 * How JavaScript values become parameters, where PGlite's own way differs from that of the driver for
 * PostgreSQL: what works in development is to work in production, and what fails there is to fail here.
 */
export const parameterTypes: Readonly<Record<number, (value: unknown) => string>> = {
  [types.JSON]: asJson,
  [types.JSONB]: asJson,
  [types.TEXT]: asText,
  [types.VARCHAR]: asText,
  [types.BPCHAR]: asText,
  [types.TIMESTAMP]: asLocalTime,
  [types.DATE]: asLocalTime,
};
