import { type ErrorDetails, type errorAreas, PlatformError, platformError } from "@plinth/module";

/** The codes of the table's area `discovery`. */
export type RegistryErrorCode = keyof (typeof errorAreas)["discovery"];

/** What a registry rejects with, or says of a snapshot that could not be refreshed. */
export interface RegistryError extends PlatformError {
  readonly code: RegistryErrorCode;
}

/** Makes an error of a registry; the values that its texts need are checked by the compiler. */
export function registryError<Code extends RegistryErrorCode>(
  code: Code,
  values: Parameters<typeof platformError<Code>>[1],
  details?: ErrorDetails,
): RegistryError {
  return platformError(code, values, details) as RegistryError;
}

/** Whether `value` is an error of a registry. */
export function isRegistryError(value: unknown): value is RegistryError {
  return value instanceof PlatformError && value.code.startsWith("DISCOVERY_");
}

/**
 * Whether waiting cannot be expected to mend the error: it was denied, is invalid, or was aborted.
 * These alone make {@link ServiceWatcher.ready} reject.
 */
export function isFinal(error: RegistryError): boolean {
  return error.code === "DISCOVERY_DENIED" || error.code === "DISCOVERY_INVALID" || error.code === "DISCOVERY_ABORTED";
}

/** The error for what `signal` put an end to; its reason is the cause. */
export function abortedError(action: string, signal: AbortSignal | undefined): RegistryError {
  const cause: unknown = signal?.reason;
  const reason = cause instanceof Error ? cause.message : "its signal was aborted";
  return registryError("DISCOVERY_ABORTED", { action, reason }, { cause });
}
