import { PlatformError, type Problem } from "@plinth/module";
import type { RegistrationState } from "../port/registration.ts";
import { isRegistryError, type RegistryError, registryError } from "../port/registry-error.ts";
import type { RegistryHealth } from "../port/service-registry.ts";
import type { Snapshot } from "../port/snapshot.ts";

/** A snapshot on its way to another process, which would forget what kind of error it holds. */
export type WireSnapshot = Omit<Snapshot, "lastError"> & { readonly lastError: Problem | undefined };

/** Where a registration stands, as another process is told. */
export interface WireRegistration {
  /** The number that the processes know it by. */
  readonly number: number;
  readonly id: string;
  readonly state: RegistrationState;
  readonly lastError: Problem | undefined;
}

/** How the registry and what was registered fare. */
export interface RegistryNews {
  readonly health: RegistryHealth;
  readonly registrations: readonly WireRegistration[];
}

export function wireSnapshot({ lastError, ...snapshot }: Snapshot): WireSnapshot {
  return { ...snapshot, lastError: lastError?.toJSON() };
}

export function errorFrom(problem: Problem): RegistryError {
  return new PlatformError(problem) as RegistryError;
}

/** What a registry in the host rejects with, or that the host is gone. */
export function asRegistryError(thrown: unknown, action: string): RegistryError {
  if (isRegistryError(thrown)) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return registryError("DISCOVERY_UNAVAILABLE", { registry: "the platform", action, reason }, { cause: thrown });
}
