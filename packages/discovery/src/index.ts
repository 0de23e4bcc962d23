export { Announce, type AnnouncedPlace, Discovery, ServiceDispatcher } from "./discovery.ts";
export { createMemoryRegistry, type MemoryRegistryOptions } from "./memory/memory-registry.ts";
export { createMemoryStore, type MemoryStore } from "./memory/memory-store.ts";
export { createDiscoveryCounters, type DiscoveryCounters, type ServiceCounters } from "./observing/counters.ts";
export type { DiscoveryObserver, EjectionReason } from "./observing/observer.ts";
export { Balancer, type BalancerOptions, type Outcome } from "./picking/balancer.ts";
export type { OutlierOptions } from "./picking/outlier-options.ts";
export type { Target } from "./picking/target.ts";
export { isServiceName } from "./port/names.ts";
export type {
  EndpointSpec,
  InstanceCheck,
  Registration,
  RegistrationChange,
  RegistrationSpec,
  RegistrationState,
} from "./port/registration.ts";
export {
  abortedError,
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
export {
  type CheckedRegistration,
  changeRegistration,
  checkRegistration,
  sameRegistration,
} from "./registering/checked-registration.ts";
export { createRegistrationBook, type RegistrationBook } from "./registering/registration-book.ts";
export {
  type DesiredRegistration,
  type RegistrationCalls,
  RegistrationKeeper,
  type RegistrationKeeperOptions,
} from "./registering/registration-keeper.ts";
export { registryHealth } from "./registering/registry-health.ts";
export type { AnnouncedEndpoints } from "./remote/announce.ts";
export { type DiscoveryRemoteSources, discoveryRemotes } from "./remote/remotes.ts";
export { type Backoff, type BackoffOptions, createBackoff } from "./watching/backoff.ts";
export { instanceList, sameInstance } from "./watching/instance-list.ts";
export { pause } from "./watching/pause.ts";
export { queryProblem, selectInstances } from "./watching/query.ts";
export type { OpenUpstream, SnapshotSink } from "./watching/snapshot-sink.ts";
export { createTokenBucket, type TokenBucket, type TokenBucketOptions } from "./watching/token-bucket.ts";
export { createWatchHub, type WatchHub, type WatchHubOptions } from "./watching/watch-hub.ts";
