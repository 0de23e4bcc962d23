import type { RegistryHealth } from "../port/service-registry.ts";

/** The health of a registry by what its parts complain of. */
export function registryHealth(...parts: readonly { complaints(): readonly string[] }[]): RegistryHealth {
  const messages = parts.flatMap((part) => part.complaints());
  return { status: messages.length === 0 ? "pass" : "warn", messages };
}
