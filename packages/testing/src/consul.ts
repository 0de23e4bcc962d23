export { type ConsulAgent, type ConsulAgentOptions, startConsulAgent } from "./consul/agent.ts";
export { type ConsulBinary, type FindConsulOptions, findConsul } from "./consul/binary.ts";
export { type ConsulCluster, startConsulCluster } from "./consul/cluster.ts";
