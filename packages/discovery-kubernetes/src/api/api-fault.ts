import { isRegistryError, type RegistryError, registryError } from "@plinth/discovery";
import { ApiTimeout } from "./api-client.ts";
import { ApiError } from "./api-error.ts";
import { managedRules, roleText, subjectOf, watchingRules } from "./roles.ts";

/** What was tried, for the error's text. */
export interface Attempt {
  /** The server as errors name it. */
  readonly registry: string;
  readonly namespace: string;
  /** `watch "users"`. */
  readonly action: string;
  /** Which Role lets it be done. */
  readonly role: "watching" | "managed";
}

/** What was thrown while talking to the API server, as a registry says it. */
export function apiFault(thrown: unknown, attempt: Attempt): RegistryError {
  if (isRegistryError(thrown)) return thrown;
  const { registry, action } = attempt;
  const reason = reasonOf(thrown);
  const details = { cause: thrown };
  if (thrown instanceof ApiTimeout) {
    return registryError("DISCOVERY_TIMEOUT", { registry, action, limit: thrown.limitMs }, details);
  }
  if (!(thrown instanceof ApiError))
    return registryError("DISCOVERY_UNAVAILABLE", { registry, action, reason }, details);
  if (thrown.denied) {
    const grant = thrown.code === 401 ? credentialsText : roleFor(attempt, thrown.message);
    return registryError("DISCOVERY_DENIED", { registry, action, reason, grant }, details);
  }
  if (thrown.code === 429) return registryError("DISCOVERY_THROTTLED", { registry, reason }, details);
  if (attempt.role === "managed" && (thrown.code === 400 || thrown.code === 422)) {
    return registryError("DISCOVERY_INVALID", { reason }, details);
  }
  return registryError("DISCOVERY_UNAVAILABLE", { registry, action, reason }, details);
}

const credentialsText =
  "a token or a client certificate that the API server accepts; the one sent is unknown or too old";

function roleFor({ role, namespace }: Attempt, message: string): string {
  const [name, rules] =
    role === "watching" ? ["plinth-discovery", watchingRules] : ["plinth-discovery-managed", managedRules];
  return `this Role, with kubectl apply -f -\n${roleText(name, namespace, rules, subjectOf(message))}`;
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return reasonOf(thrown.errors[0]);
  if (!(thrown instanceof Error)) return String(thrown);
  const inner = thrown.message === "" || thrown.message === "fetch failed" ? thrown.cause : undefined;
  return inner === undefined ? thrown.message || thrown.name : reasonOf(inner);
}
