export { type DiscoveryResolverOptions, registerDiscoveryResolver } from "./discovery-resolver.ts";
