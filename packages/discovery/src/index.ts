export type {
  EndpointSpec,
  InstanceCheck,
  Registration,
  RegistrationChange,
  RegistrationSpec,
  RegistrationState,
} from "./port/registration.ts";
export {
  isFinal,
  isRegistryError,
  type RegistryError,
  type RegistryErrorCode,
  registryError,
} from "./port/registry-error.ts";
export type { Endpoint, InstanceState, Locality, ServiceInstance } from "./port/service-instance.ts";
export type { ServiceQuery } from "./port/service-query.ts";
export type { RegistryHealth, ServiceRegistry } from "./port/service-registry.ts";
export type { ServiceWatcher } from "./port/service-watcher.ts";
export type { Snapshot } from "./port/snapshot.ts";
