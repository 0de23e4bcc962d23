import { type DesiredRegistration, registryError } from "@plinth/discovery";
import { encodeOwnMeta, maxEndpoints, ownPrefix } from "../service-meta.ts";
import type { CheckDefinition } from "./check-definitions.ts";

/** The body of `PUT /v1/agent/service/register`. */
export interface ServiceDefinition {
  readonly ID: string;
  readonly Name: string;
  readonly Tags: readonly string[];
  /** Empty: the node's. */
  readonly Address: string;
  readonly Port: number;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Weights: { readonly Passing: number; readonly Warning: number };
  readonly EnableTagOverride: false;
  readonly Checks: readonly CheckDefinition[];
}

/** The id under which the agent knows the instance. The port's ids are unique in their service only, the agent's among all services. */
export function serviceIdOf({ service, id }: { readonly service: string; readonly id: string }): string {
  return `${service}:${id}`;
}

/**
 * What the agent is told. The first endpoint is also the service's own address and port, for clients that know Consul only.
 *
 * @throws RegistryError `DISCOVERY_INVALID` for what the port allows and Consul cannot hold.
 */
export function defineService(
  desired: DesiredRegistration,
  run: string,
  checks: readonly CheckDefinition[],
): ServiceDefinition {
  const [main] = desired.endpoints;
  const reserved = Object.keys(desired.metadata).filter((key) => /^(plinth|consul)-/.test(key));
  const problems = [
    ...reserved.map((key) => `metadata "${key}" begins with a reserved prefix (${ownPrefix}, consul-)`),
    ...(desired.endpoints.length > maxEndpoints
      ? [`${desired.endpoints.length} endpoints are more than ${maxEndpoints}`]
      : []),
  ];
  if (main === undefined || problems.length > 0) {
    throw registryError("DISCOVERY_INVALID", { reason: problems.join("; ") });
  }
  return {
    ID: serviceIdOf(desired),
    Name: desired.service,
    Tags: desired.tags,
    Address: main.host ?? "",
    Port: main.port,
    Meta: {
      ...desired.metadata,
      ...encodeOwnMeta({
        run,
        endpoints: desired.endpoints,
        ...(desired.version === undefined ? {} : { version: desired.version }),
        ...(desired.locality === undefined ? {} : { locality: desired.locality }),
      }),
    },
    Weights: { Passing: desired.weight, Warning: desired.weight },
    EnableTagOverride: false,
    Checks: checks,
  };
}
