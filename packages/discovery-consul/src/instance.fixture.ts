import { createConsulRegistry } from "./consul-registry.ts";

// A process that registers one instance and lives until it is ended: SIGTERM drains, SIGKILL does nothing more.
const [url = "", service = "", id = ""] = process.argv.slice(2);
const registry = createConsulRegistry({ url, heartbeatTtlMs: 600 });
const endpoints = [{ name: "http", protocol: "http", host: "192.0.2.1", port: 8080 }];
const registration = await registry.register({ service, id, endpoints });
const alive = setInterval(() => {}, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  void registration.drain({ graceMs: 300 }).then(() => registry[Symbol.asyncDispose]());
});
console.log(registration.state);
