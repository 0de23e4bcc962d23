import { execFileSync } from "node:child_process";
import path from "node:path";
import type { ServiceRegistry } from "@plinth/discovery";
import { createRecordingLog } from "@plinth/testing";
import { type ConsulAgent, findConsul, startConsulAgent } from "@plinth/testing/consul";
import { startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createPlatform } from "../../create-platform.ts";
import { testFolder } from "../../folder.fixture.ts";
import { desk } from "../announcing.fixture.ts";
import { openDiscovery } from "../open-discovery.ts";

const found = await findConsul();
const missing = "missing" in found ? found.missing : undefined;
if (missing !== undefined) console.warn(`Skipped, for there is no Consul: ${missing}`);

const http = { port: 0, drainDelay: "0s" };
const services = [{ name: "helpdesk" }];

async function look(access: Parameters<typeof openDiscovery>[0]): Promise<ServiceRegistry> {
  const { registry } = await openDiscovery(access);
  onTestFinished(() => registry[Symbol.asyncDispose]());
  return registry;
}

describe.skipIf(missing !== undefined)("the driver consul, on a real agent", () => {
  let agent: ConsulAgent;

  beforeAll(async () => {
    agent = await startConsulAgent({ binary: "path" in found ? found.path : "" });
  });

  afterAll(() => agent.stop());

  it("announces, is a warning while the agent is away, and announces again to one that came back empty", async () => {
    const log = createRecordingLog();
    const discovery = { driver: "consul", drainGrace: "50ms", healthInterval: "50ms", consul: { ttl: "600ms" } };
    const platform = await createPlatform({
      modules: [desk("tickets", { services }).module],
      settings: { http, discovery },
      env: { CONSUL_HTTP_ADDR: `127.0.0.1:${agent.httpPort}` },
      log,
    });
    onTestFinished(async () => {
      await platform.stop();
    });
    await platform.start();
    const url = log.lines.find(({ fields }) => "url" in fields)?.fields.url;
    const set = ["discovery.driver=consul", `discovery.consul.address=${agent.url}`];
    const outside = await look({ set });
    const ids = async () => (await outside.resolve({ service: "helpdesk" })).instances.map(({ id }) => id);
    const announced = [expect.stringContaining(`-${new URL(String(url)).port}`)];
    await expect.poll(ids, { timeout: 10_000 }).toEqual(announced);

    const readyz = async () => {
      const response = await fetch(`${url}/readyz`);
      const { warnings } = JSON.parse(await response.text()) as {
        readonly warnings: readonly { readonly name: string }[];
      };
      return { status: response.status, warnings: warnings.map(({ name }) => name) };
    };
    await agent.kill();
    await expect.poll(readyz, { timeout: 10_000 }).toEqual({ status: 200, warnings: ["discovery"] });
    agent = await startConsulAgent({ binary: "path" in found ? found.path : "", httpPort: agent.httpPort });
    const again = await look({ set });
    await expect
      .poll(async () => (await again.resolve({ service: "helpdesk" })).instances.length, { timeout: 15_000 })
      .toBe(1);
    await expect.poll(readyz, { timeout: 10_000 }).toEqual({ status: 200, warnings: [] });
    const messages = () => log.lines.map(({ message }) => message);
    await expect.poll(messages, { timeout: 10_000 }).toContain("the registry is well again");

    expect((await platform.stop()).errors).toEqual([]);
    await expect.poll(async () => (await again.services()).includes("helpdesk"), { timeout: 10_000 }).toBe(false);
    expect(messages()).toContain('withdrew "helpdesk"');
  });
});

describe("the driver kubernetes, on the simulated API server", () => {
  it("announces by an EndpointSlice of its own, and takes it out", async () => {
    await using api = await startKubernetesApi({ tokens: { secret: { name: "desk" } } });
    using folder = testFolder({
      "platform.yaml":
        "discovery:\n  driver: kubernetes\n  kubernetes: { mode: managed, namespace: desks, kubeconfig: kube.yaml }\n",
      "kube.yaml": [
        "current-context: it",
        "contexts: [{ name: it, context: { cluster: it, user: me } }]",
        `clusters: [{ name: it, cluster: { server: "${api.url}" } }]`,
        "users: [{ name: me, user: { token: secret } }]",
      ].join("\n"),
    });
    const platform = await createPlatform({
      root: folder.root,
      modules: [desk("tickets", { services }).module],
      settings: { http, discovery: { drainGrace: "0s", advertise: { host: "10.0.0.9", port: 80 } } },
    });
    onTestFinished(async () => {
      await platform.stop();
    });
    await platform.start();
    const slices = () => api.list("discovery.k8s.io/v1", "EndpointSlice", "desks");
    await expect
      .poll(slices, { timeout: 5_000 })
      .toMatchObject([{ endpoints: [{ addresses: ["10.0.0.9"] }], ports: [{ port: 80 }] }]);
    const outside = await look({ root: folder.root });
    expect(await outside.services()).toEqual(["helpdesk"]);
    expect((await platform.stop()).errors).toEqual([]);
    expect(slices()).toEqual([]);
  });
});

describe("a driver that cannot be used", () => {
  it("ends the start with its own words", async () => {
    const settings = { http, discovery: { driver: "kubernetes" } };
    const platform = await createPlatform({ settings, env: { HOME: "/nowhere" } });
    await expect(platform.start()).rejects.toMatchObject({ errors: [{ code: "DISCOVERY_NO_CLUSTER" }] });
  });

  it("is refused with its place when there is none of that name", async () => {
    using folder = testFolder({ "platform.yaml": "discovery: { driver: etcd }\n" });
    await expect(createPlatform({ root: folder.root })).rejects.toMatchObject({
      errors: [{ code: "SETTINGS_INVALID", at: [{ line: 1, column: 22 }] }],
    });
  });
});

describe("drivers that are not configured", () => {
  it("are not loaded", () => {
    using folder = testFolder({
      "main.ts": `
        import { registerHooks } from "node:module";
        const loaded = [];
        registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
        const { createPlatform } = await import(${JSON.stringify(path.resolve(import.meta.dirname, "../../index.ts"))});
        const platform = await createPlatform({ settings: { http: ${JSON.stringify(http)} } });
        await platform.start();
        await platform.stop();
        console.log(JSON.stringify(["discovery", "discovery-consul", "discovery-kubernetes", "undici"].map((name) =>
          loaded.some((url) => url.includes(\`/\${name}/\`)))));`,
    });
    const main = path.join(folder.root, "main.ts");
    const output = execFileSync(process.execPath, ["--conditions=plinth-source", main], { encoding: "utf8" });
    expect(JSON.parse(output)).toEqual([true, false, false, false]);
  });
});
