import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { RegistrationSpec, ServiceRegistry } from "@plinth/discovery";
import { openDiscovery } from "@plinth/platform";
import { type ConsulAgent, findConsul, startConsulAgent } from "@plinth/testing/consul";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { folderWith, type Outcome, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { run } from "./run.ts";
import type { ShownSnapshot } from "./services/shown-snapshot.ts";

const found = await findConsul();
const missing = "missing" in found ? found.missing : undefined;
if (missing !== undefined) console.warn(`Skipped, for there is no Consul: ${missing}`);
const binary = "path" in found ? found.path : "";

function instance(service: string, id: string, more: Partial<RegistrationSpec> = {}): RegistrationSpec {
  const endpoints = [
    { name: "http", protocol: "http", host: "10.0.0.1", port: 8080 },
    { name: "grpc", protocol: "grpc", host: "10.0.0.1", port: 9090 },
  ];
  return { service, id, endpoints, version: "1.2.0", ...more };
}

describe.skipIf(missing !== undefined)("platformctl services, on a real Consul agent", () => {
  let agent: ConsulAgent;
  let registry: ServiceRegistry;
  let env: Record<string, string>;

  const ctl = (...args: readonly string[]): Promise<Outcome> => spawnPlatformctl(["services", ...args], { env }).ended;

  beforeAll(async () => {
    agent = await startConsulAgent({ binary });
    const set = ["discovery.driver=consul", `discovery.consul.address=${agent.url}`];
    ({ registry } = await openDiscovery({ set }));
    env = { PLATFORM_DISCOVERY__DRIVER: "consul", CONSUL_HTTP_ADDR: agent.url };
    await registry.register(instance("desk", "one"));
    await registry.register(instance("desk", "two", { state: "down", version: "1.3.0", locality: { zone: "a" } }));
    await registry.register(instance("lone", "only", { state: "warning", weight: 3 }));
    await registry.register(instance("dead", "gone", { state: "down" }));
  });

  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await agent.stop();
  });

  it("list shows the services with their instances by state", async () => {
    const { code, stdout, stderr } = await ctl("list");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ["NAME", "UP", "WARNING", "DRAINING", "DOWN", "VERSIONS"],
        ["dead", "-", "-", "-", "1", "1.2.0"],
        ["desk", "1", "-", "-", "1", "1.2.0, 1.3.0"],
        ["lone", "-", "1", "-", "-", "1.2.0"],
      ]),
    );
    const json = JSON.parse((await ctl("list", "--json")).stdout).services;
    expect(json).toContainEqual({
      name: "desk",
      up: 1,
      warning: 0,
      draining: 0,
      down: 1,
      versions: ["1.2.0", "1.3.0"],
    });
  });

  it("show takes the registry from platform.yaml, and shows every instance", async () => {
    const root = folderWith({
      "platform.yaml": `discovery: { driver: consul, consul: { address: "${agent.url}" } }\n`,
    });
    const { code, stdout, stderr } = await spawnPlatformctl(["services", "show", "desk", "-C", root]).ended;
    expect([code, stderr]).toEqual([0, ""]);
    const [head, one, two] = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(head).toEqual(["INSTANCE", "STATE", "ENDPOINTS", "VERSION", "WEIGHT", "NODE", "ZONE"]);
    const endpoints = "http://10.0.0.1:8080, grpc://10.0.0.1:9090";
    expect(one).toEqual(["desk:one", "up", endpoints, "1.2.0", "1", agent.node, "-"]);
    expect(two).toEqual(["desk:two", "down", endpoints, "1.3.0", "1", agent.node, "a"]);
    const shown: ShownSnapshot = JSON.parse((await ctl("show", "desk", "--json")).stdout);
    expect(shown).toMatchObject({ service: "desk", status: "live", observedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(shown.instances.map(({ state }) => state)).toEqual(["up", "down"]);
  });

  it("show of a service that nobody has ends with 1", async () => {
    const { code, stdout, stderr } = await ctl("show", "nobody");
    expect([code, stdout, stderr]).toEqual([1, "", 'the registry knows no instance of "nobody"\n']);
  });

  it("resolve shows where a call would go", async () => {
    expect(await ctl("resolve", "desk")).toEqual({ code: 0, stdout: "http://10.0.0.1:8080\n", stderr: "" });
    expect((await ctl("resolve", "lone", "--endpoint", "grpc")).stdout).toBe("grpc://10.0.0.1:9090\n");
    expect(JSON.parse((await ctl("resolve", "lone", "--all", "--json")).stdout).targets).toEqual([
      expect.objectContaining({ state: "warning", endpoint: "http", url: "http://10.0.0.1:8080" }),
    ]);
  });

  it("resolve names no instance that is down, and says so", async () => {
    const { code, stdout, stderr } = await ctl("resolve", "dead");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(
      'DISCOVERY_NO_INSTANCE: service "dead" has no instance that takes requests: none of 1 is up\n  fix: ',
    );
    expect((await ctl("resolve", "desk", "--endpoint", "admin")).stderr).toContain(
      'none of 2 is up and has an endpoint "admin"',
    );
  });

  it("watch in a pipe prints a line for each change, until SIGINT", async () => {
    const watching = spawnPlatformctl(["services", "watch", "moving"], { env });
    const lines = (): ShownSnapshot[] =>
      watching
        .stdout()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));
    const settings = { timeout: 15_000 };
    await vi.waitFor(() => expect(lines().map(({ instances }) => instances.length)).toEqual([0]), settings);
    const registration = await registry.register(instance("moving", "a"));
    await vi.waitFor(() => expect(lines().at(-1)?.instances).toMatchObject([{ state: "up" }]), settings);
    await registration.deregister();
    await vi.waitFor(() => expect(lines().at(-1)?.instances).toEqual([]), settings);
    watching.process.kill("SIGINT");
    const { code, stderr } = await watching.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(lines().every(({ service, status }) => service === "moving" && status === "live")).toBe(true);
  });

  it("watch ends when nobody reads any more", async () => {
    const watching = spawnPlatformctl(["services", "watch", "unread"], { env });
    await vi.waitFor(() => expect(watching.stdout()).not.toBe(""), { timeout: 15_000 });
    watching.process.stdout?.destroy();
    const registration = await registry.register(instance("unread", "a"));
    expect((await watching.ended).code).toBe(0);
    await registration.deregister();
  });

  it("watch keeps the last known when the agent is away, and says how old it is", {
    timeout: 30_000,
  }, async () => {
    const own = await startConsulAgent({ binary });
    let screen = "";
    const write = (text: string): void => {
      screen = text;
    };
    let end = () => {};
    const set = ["--driver", "consul", "--set", `discovery.consul.address=${own.url}`];
    const running = run({
      args: ["services", "watch", "desk", ...set],
      cwd: tmpdir(),
      env: {},
      stdout: { isTTY: true, rows: 30, write },
      stderr: { write },
      onSignal(listener) {
        end = () => listener("SIGINT");
        return () => {};
      },
    });
    const shown = () => stripVTControlCharacters(screen);
    const piped = spawnPlatformctl(["services", "watch", "desk", ...set]);
    const lastLine = (): ShownSnapshot => JSON.parse(piped.stdout().trimEnd().split("\n").at(-1) ?? "");
    try {
      await vi.waitFor(() => expect(shown()).toMatch(/^desk {2}no instances {2}as of .*Ctrl-C ends/), {
        timeout: 10_000,
      });
      const address = [...set.filter((each) => each.includes("=")), "discovery.driver=consul"];
      const { registry: writing } = await openDiscovery({ set: address });
      await writing.register(instance("desk", "one"));
      await vi.waitFor(() => expect(shown()).toMatch(/1 up .*\n\nINSTANCE .*\ndesk:one {2}up /), { timeout: 10_000 });
      await vi.waitFor(() => expect(lastLine().instances).toHaveLength(1), { timeout: 10_000 });
      await own.kill();
      await vi.waitFor(
        () => expect(shown()).toMatch(/1 up {2}last known, \d+ s old: the registry at .* could not watch/),
        {
          timeout: 10_000,
        },
      );
      expect(shown()).toContain("desk:one");
      await vi.waitFor(() => expect(lastLine()).toMatchObject({ status: "stale" }), { timeout: 10_000 });
      expect(lastLine()).toMatchObject({
        instances: [{ state: "up" }],
        staleSince: expect.stringMatching(/Z$/),
        lastError: { code: "DISCOVERY_UNAVAILABLE", fix: expect.any(String) },
      });
      await Promise.allSettled([writing[Symbol.asyncDispose]()]);
    } finally {
      end();
      await own.stop();
    }
    expect(await running).toBe(0);
  });
});

describe("a registry that is away", () => {
  const set = ["--driver", "consul", "--set", "discovery.consul.address=http://127.0.0.1:1"];

  it.each([[["list"]], [["show", "desk"]], [["resolve", "desk"]], [["watch", "desk"]]])(
    "ends services %j with 1, its error and nothing else",
    async (args) => {
      const { code, stdout, stderr } = await spawnPlatformctl(["services", ...args, ...set]).ended;
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^ {2}DISCOVERY_UNAVAILABLE: the registry at http:\/\/127\.0\.0\.1:1 could not .*\n {2}fix: /,
      );
    },
  );

  it("is waited for no longer than --timeout says", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { readonly port: number };
    const silently = ["--driver", "consul", "--set", `discovery.consul.address=http://127.0.0.1:${port}`];
    for (const args of [["list"], ["show", "desk"], ["watch", "desk"]]) {
      const { code, stderr } = await platformctl(["services", ...args, ...silently, "--timeout", "300ms"]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/DISCOVERY_TIMEOUT: .* within 300 ms/);
    }
    silent.close();
  });
});

describe("a wrong command line", () => {
  test.each([
    [["list", "--driver", "etcd"], "COMMAND_USAGE: option '--driver <name>' argument 'etcd' is invalid."],
    [["list", "--timeout", "soon"], "COMMAND_USAGE: option '--timeout <duration>' argument 'soon' is invalid."],
    [["list", "--set", "http.port=1"], "COMMAND_USAGE: --set http.port=1 is none of the registry's settings"],
    [["show", "Desk_1", "--driver", "consul"], 'COMMAND_USAGE: "Desk_1" cannot be the name of a service'],
    [["show"], "COMMAND_USAGE: missing required argument 'name'"],
    [["list"], "DISCOVERY_NOT_SHARED: the in-memory registry lives inside the platform's process"],
    [["lst"], 'COMMAND_UNKNOWN: there is no command "lst"\n  fix: Write list instead.'],
  ])("%j is refused with 2", async (args, text) => {
    const { code, stdout, stderr } = await platformctl(["services", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(text);
  });

  test("settings that are wrong are the platform's fault, and shown with their places", async () => {
    const root = folderWith({ "platform.yaml": "discovery:\n  driver: consul\n  consul: { adress: x }\n" });
    const { code, stderr } = await platformctl(["services", "list", "-C", root]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${root}/platform.yaml:3:13`);
    expect(stderr).toContain('Write "address" instead.');
  });

  test("-C must name a platform", async () => {
    const root = folderWith({ "notes.txt": "" });
    expect((await platformctl(["services", "list", "-C", root])).code).toBe(2);
  });
});

test.each([["list"], ["show"], ["watch"], ["resolve"]])("%s teaches by examples", async (command) => {
  const { code, stdout } = await platformctl(["services", command, "--help"]);
  expect(code).toBe(0);
  for (const part of [`Usage: platformctl services ${command}`, "--driver <name>", "--set <path=value>", "--json"]) {
    expect(stdout).toContain(part);
  }
  expect(stdout).toMatch(/\nExamples:\n( {2}.*platformctl .*\n)+/);
  expect(stdout).toMatch(/\nExit codes:\n {2}0 /);
});
