import { isServiceName } from "../port/names.ts";
import type { EndpointSpec, InstanceCheck, RegistrationChange, RegistrationSpec } from "../port/registration.ts";
import { registryError } from "../port/registry-error.ts";
import type { Locality } from "../port/service-instance.ts";

/** A registration with its defaults, of which every part has been found good. */
export interface CheckedRegistration {
  readonly service: string;
  readonly id: string;
  readonly version: string | undefined;
  readonly endpoints: readonly EndpointSpec[];
  readonly state: "up" | "warning" | "down";
  readonly weight: number;
  readonly locality: Locality | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** `undefined` where the registry is to do what it does by itself. */
  readonly checks: readonly InstanceCheck[] | undefined;
}

/**
 * Checks a registration and puts in its defaults; a copy, so that later changes of the spec do nothing.
 *
 * @throws RegistryError `DISCOVERY_INVALID` that names everything that is wrong.
 */
export function checkRegistration(spec: RegistrationSpec): CheckedRegistration {
  const problems = [...problemsOf(spec)];
  if (problems.length > 0) throw registryError("DISCOVERY_INVALID", { reason: problems.join("; ") });
  return {
    service: spec.service,
    id: spec.id ?? `${spec.service}-${crypto.randomUUID().slice(0, 8)}`,
    version: spec.version,
    endpoints: spec.endpoints.map((endpoint) => ({ ...endpoint })),
    state: spec.state ?? "up",
    weight: spec.weight ?? 1,
    locality: spec.locality === undefined ? undefined : { ...spec.locality },
    tags: [...(spec.tags ?? [])],
    metadata: { ...spec.metadata },
    checks: spec.checks?.map((check) => ({ ...check })),
  };
}

/**
 * The registration as it is after `change`, checked again. What the change leaves out stays.
 *
 * @throws RegistryError `DISCOVERY_INVALID`.
 */
export function changeRegistration(before: CheckedRegistration, change: RegistrationChange): CheckedRegistration {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const { version, locality, checks, ...rest } = before;
  return checkRegistration({
    ...rest,
    ...(version === undefined ? {} : { version }),
    ...(locality === undefined ? {} : { locality }),
    ...(checks === undefined ? {} : { checks }),
    ...Object.fromEntries(given),
    service: before.service,
    id: before.id,
  });
}

/** Whether both say the same; the order of keys does not count. */
export function sameRegistration(a: CheckedRegistration, b: CheckedRegistration): boolean {
  return canonical(a) === canonical(b);
}

function canonical(registration: CheckedRegistration): string {
  return JSON.stringify(registration, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const metadataKey = /^[A-Za-z0-9_-]{1,128}$/;
const protocolForm = /^[a-z][a-z0-9+.-]*$/;

function* problemsOf(spec: RegistrationSpec): Generator<string> {
  if (!isServiceName(spec.service)) yield `"${spec.service}" cannot be the name of a service`;
  if (spec.id !== undefined && !idForm.test(spec.id)) yield `"${spec.id}" cannot be an instance's id`;
  const { endpoints, weight = 1, metadata = {}, checks = [] } = spec;
  if (endpoints.length === 0) yield "an instance needs at least one endpoint";
  const names = endpoints.map((endpoint) => endpoint.name);
  for (const [index, { name, protocol, host, port }] of endpoints.entries()) {
    if (!isServiceName(name)) yield `"${name}" cannot be the name of an endpoint`;
    else if (names.indexOf(name) !== index) yield `two endpoints have the name "${name}"`;
    if (!protocolForm.test(protocol)) yield `"${protocol}" is no protocol`;
    if (host !== undefined && !/^[^\s/[\]]+$/.test(host)) yield `"${host}" is no host`;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) yield `${port} is no port`;
  }
  if (!Number.isInteger(weight) || weight < 1 || weight > 65_535) yield `the weight ${weight} is not 1 to 65,535`;
  const entries = Object.entries(metadata);
  if (entries.length > 32) yield `${entries.length} entries of metadata are more than 32`;
  for (const [key, value] of entries) {
    if (!metadataKey.test(key)) yield `"${key}" cannot be a key of metadata`;
    if (typeof value !== "string" || value.length > 512)
      yield `the metadata "${key}" is no text of at most 512 characters`;
  }
  for (const check of checks) {
    const every = check.type === "heartbeat" ? check.ttlMs : check.intervalMs;
    if (!(every >= 100)) yield `a check each ${every} ms is too often`;
    if (check.type !== "heartbeat" && !names.includes(check.endpoint))
      yield `a check asks for no endpoint: "${check.endpoint}"`;
  }
}
