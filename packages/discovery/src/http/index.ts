export {
  type DiscoveryDispatcher,
  type DiscoveryDispatcherOptions,
  discoveryDispatcher,
} from "./discovery-dispatcher.ts";
export type { RetryOptions } from "./retry-budget.ts";
export type { ConnectionOptions } from "./target-pools.ts";
