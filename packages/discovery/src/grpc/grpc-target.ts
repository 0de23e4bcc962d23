import { isServiceName } from "../port/names.ts";
import { registryError } from "../port/registry-error.ts";
import type { Endpoint, ServiceInstance } from "../port/service-instance.ts";

/** What the path of a target such as `plinth:///admin.users` asks for. */
export interface GrpcTarget {
  readonly service: string;
  /** The endpoint named before the service; `undefined` for the first that speaks gRPC. */
  readonly endpoint: string | undefined;
}

/**
 * Reads `[endpoint.]service`.
 *
 * @throws RegistryError `DISCOVERY_INVALID`.
 */
export function parseGrpcTarget(path: string): GrpcTarget {
  const labels = path.split(".");
  const service = labels.pop() ?? "";
  const endpoint = labels.pop();
  if (labels.length === 0 && isServiceName(service) && (endpoint === undefined || isServiceName(endpoint))) {
    return { service, endpoint };
  }
  const reason = `"${path}" names no service; write plinth:///SERVICE or plinth:///ENDPOINT.SERVICE`;
  throw registryError("DISCOVERY_INVALID", { reason });
}

/** The endpoint of an instance that a channel to this target connects to. */
export function grpcEndpoint({ endpoint }: GrpcTarget, { endpoints }: ServiceInstance): Endpoint | undefined {
  return endpoints.find(({ name, protocol }) =>
    endpoint === undefined ? protocol === "grpc" || protocol === "grpcs" : name === endpoint,
  );
}
