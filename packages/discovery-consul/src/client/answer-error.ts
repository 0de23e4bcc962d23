import { type RegistryError, registryError } from "@plinth/discovery";

/** A request as errors tell of it. */
export interface RequestPurpose {
  /** As in "could not ...": `watch "users"`. */
  readonly action: string;
  /** The rules of access control that it needs. */
  readonly grant: string;
}

/** What an answer outside of 2xx means. */
export function answerError(status: number, text: string, purpose: RequestPurpose, registry: string): RegistryError {
  const { action, grant } = purpose;
  const said = text.replace(/\s+/g, " ").trim().replace(/\.$/, "").slice(0, 300) || "no reason given";
  const reason = `it answered ${status}: ${said}`;
  // Older agents answer 500 to a filter that they cannot read.
  if (status === 400 || said.startsWith("Failed to create boolean expression evaluator")) {
    return registryError("DISCOVERY_INVALID", { reason: `to ${action}, Consul answered ${status}: ${said}` });
  }
  if (status === 401 || status === 403) {
    return registryError("DISCOVERY_DENIED", { registry, action, reason: said, grant });
  }
  if (status === 429) return registryError("DISCOVERY_THROTTLED", { registry, reason });
  return registryError("DISCOVERY_UNAVAILABLE", { registry, action, reason });
}

/** What it means that no answer came. */
export function connectionError(cause: unknown, { action }: RequestPurpose, registry: string): RegistryError {
  return registryError("DISCOVERY_UNAVAILABLE", { registry, action, reason: reasonOf(cause) }, { cause });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Several addresses of a name fail together, with an empty message.
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
}
