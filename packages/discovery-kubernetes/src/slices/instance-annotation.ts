import type { InstanceState, Locality } from "@plinth/discovery";
import type { EndpointSlice } from "../api/objects.ts";

/** Carries what a slice has no field for; only on slices that carry {@link managedBy}. */
export const instanceAnnotation = "plinth.dev/instance";
/** Who keeps the slice and the lease of a managed instance, so that no other controller touches them. */
export const managedBy = "plinth-discovery";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";
export const serviceLabel = "kubernetes.io/service-name";

/** What is said of a managed instance. */
export interface InstanceFacts {
  readonly id: string;
  /** The process that keeps it. */
  readonly holder?: string;
  readonly version?: string;
  readonly state?: InstanceState;
  readonly weight?: number;
  readonly locality?: Locality;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The facts on a managed slice; `undefined` for other slices, and where they cannot be read. Parts of a wrong type are left out. */
export function factsOf({ metadata }: EndpointSlice): InstanceFacts | undefined {
  const text = metadata.annotations?.[instanceAnnotation];
  if (text === undefined || metadata.labels?.[managedByLabel] !== managedBy) return undefined;
  try {
    return checked(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function checked(said: unknown): InstanceFacts | undefined {
  if (!isRecord(said) || typeof said.id !== "string") return undefined;
  const { id, holder, version, state, weight, locality, tags, metadata } = said;
  return {
    id,
    ...(typeof holder === "string" ? { holder } : {}),
    ...(typeof version === "string" ? { version } : {}),
    ...(isState(state) ? { state } : {}),
    ...(typeof weight === "number" && weight > 0 ? { weight } : {}),
    ...(isRecord(locality) ? { locality: localityOf(locality) } : {}),
    ...(isTexts(tags) ? { tags } : {}),
    ...(isRecord(metadata) && isTexts(Object.values(metadata)) ? { metadata: metadata as Record<string, string> } : {}),
  };
}

function localityOf({ region, zone, node, hintZones }: Readonly<Record<string, unknown>>): Locality {
  return {
    ...(typeof region === "string" ? { region } : {}),
    ...(typeof zone === "string" ? { zone } : {}),
    ...(typeof node === "string" ? { node } : {}),
    ...(isTexts(hintZones) ? { hintZones } : {}),
  };
}

function isState(value: unknown): value is InstanceState {
  return value === "up" || value === "warning" || value === "draining" || value === "down";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
