// Holds every adapter of the service registry to every law of the port and writes docs/conformance.md.
// Consul is a real agent; Kubernetes is the simulator that answers as a recorded API server did.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { findConsul } from "@plinth/testing/consul";
import { formatConformance, registryLaws, runConformance } from "@plinth/testing/discovery";
import { startKubernetesApi } from "@plinth/testing/kubernetes";
import { startConsulUnderTest } from "../packages/discovery-consul/src/conformance.fixture.ts";
import { adoptingAdapter, managedAdapter } from "../packages/discovery-kubernetes/src/conformance.fixture.ts";
import { memory } from "../packages/testing/src/discovery/memory.fixture.ts";

const consul = await findConsul();
if ("missing" in consul) throw new Error(consul.missing);
await using underTest = await startConsulUnderTest(consul.path);
await using api = await startKubernetesApi();

const reports = [];
for (const adapter of [memory, underTest.adapter, managedAdapter(api), adoptingAdapter(api)]) {
  console.log(`${adapter.name}: ${registryLaws.length} laws`);
  reports.push(await runConformance(adapter));
}
const broken = reports.flatMap(({ adapter, results }) =>
  Object.entries(results).flatMap(([id, { outcome }]) => (outcome === "broken" ? [`${adapter}: ${id}`] : [])),
);
const page = [
  "# The service registry: laws by adapters",
  "",
  `Each of the ${registryLaws.length} laws of the registry port, run on each adapter: \`npm run conformance\` renews this page.`,
  "Consul is a real agent; Kubernetes is the simulator that replays a recorded API server, with managed and with adopted",
  "registrations. A law that is skipped says why below the table.",
  "",
  formatConformance(reports),
  "",
];
writeFileSync(path.resolve(import.meta.dirname, "../docs/conformance.md"), page.join("\n"));
console.log(broken.length === 0 ? "every law holds" : `broken: ${broken.join("; ")}`);
process.exitCode = broken.length === 0 ? 0 : 1;
