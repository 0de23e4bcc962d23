// Registers an instance at the API server given, says so, and lives until it is killed.
import { plainAccess } from "../cluster.fixture.ts";
import { createKubernetesRegistry } from "../kubernetes-registry.ts";

const registry = createKubernetesRegistry({
  access: plainAccess(process.argv[2] as string),
  registration: "managed",
  node: "node-of-the-killed",
  host: "10.1.0.66",
});
await registry.register({ service: "users", endpoints: [{ name: "http", protocol: "http", port: 8080 }] });
console.log("registered");
