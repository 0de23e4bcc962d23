export type { ConsulOptions, ConsulTlsFiles } from "./consul-options.ts";
export { createConsulRegistry } from "./consul-registry.ts";
export { consulOptionsFrom } from "./environment.ts";
