import type { TaggedResult } from "../connection.ts";

/**
 * Parameters as they can be sent to another process and mean the same there. Objects that drivers send
 * as JSON are made JSON here, where their own ways to do so are known.
 */
export function sendableParameters(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.map(sendable);
}

function sendable(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  if (Array.isArray(value)) return value.map(sendable);
  if ("toPostgres" in value && typeof value.toPostgres === "function") return sendable(value.toPostgres(sendable));
  return JSON.stringify(value);
}

/** The same result with bytes as the driver for PostgreSQL gives them. */
export function buffersIn<Row>(result: TaggedResult<Row>): TaggedResult<Row> {
  for (const row of result.rows as Record<string, unknown>[]) {
    for (const column in row) row[column] = bufferOf(row[column]);
  }
  return result;
}

function bufferOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bufferOf);
  if (!(value instanceof Uint8Array) || Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
