import { hostname } from "node:os";
import { Announce, createMemoryRegistry, createMemoryStore, Discovery, registryError } from "@plinth/discovery";
import { defineModule, type PlatformErrors } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { createPlatform } from "../create-platform.ts";
import { testFolder } from "../folder.fixture.ts";
import { desk, setStage } from "./announcing.fixture.ts";

const services = [{ name: "helpdesk" }];

async function errorsOf(
  work: Promise<unknown>,
): Promise<readonly { readonly code: string; readonly message: string }[]> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  return (thrown as PlatformErrors).errors;
}

describe("a module that announces a service", () => {
  it("is found at the platform's HTTP host, with its version and prefix", async () => {
    const tickets = desk("tickets", { services, http: { prefix: "/api/tickets" } });
    const { platform, instances, url } = await setStage({ modules: [tickets.module] });
    await platform.start();
    await expect.poll(() => instances("helpdesk")).toHaveLength(1);
    const [instance] = instances("helpdesk");
    const { port } = new URL(url());
    expect(instance).toEqual({
      id: `${hostname()}-${port}`,
      service: "helpdesk",
      version: "1.2.0",
      endpoints: [{ name: "http", protocol: "http", host: "127.0.0.1", port: Number(port) }],
      state: "up",
      weight: 1,
      tags: [],
      metadata: { module: "tickets", prefix: "/api/tickets" },
    });
    const answer = await fetch(`http://127.0.0.1:${port}${instance?.metadata.prefix}`);
    expect(await answer.json()).toEqual({ from: "tickets" });
  });

  it("is found by other modules of the platform, through the same registry", async () => {
    const { platform } = await setStage({ modules: [desk("tickets", { services }).module] });
    await platform.start();
    const discovery = platform.service(Discovery);
    await expect.poll(async () => (await discovery?.resolve({ service: "helpdesk" }))?.instances.length).toBe(1);
    await discovery?.[Symbol.asyncDispose]();
    expect(await discovery?.services()).toEqual(["helpdesk"]);
  });

  it("is not announced before the whole platform takes traffic", async () => {
    const begun = Promise.withResolvers<void>();
    const slow = Promise.withResolvers<void>();
    const late = desk("late", { dependencies: { tickets: "^1.0.0" } }, ({ onStart }) =>
      onStart(() => {
        begun.resolve();
        return slow.promise;
      }),
    );
    const { platform, instances, store } = await setStage({
      modules: [desk("tickets", { services }).module, late.module],
    });
    const announcedIn: string[] = [];
    store.onChange(() => announcedIn.push(platform.status().state));
    const started = platform.start();
    await begun.promise;
    expect(platform.status().modules.find(({ name }) => name === "tickets")?.state).toBe("running");
    expect(instances("helpdesk")).toEqual([]);
    slow.resolve();
    await started;
    await expect.poll(() => instances("helpdesk")).toHaveLength(1);
    expect(announcedIn).toEqual(["running"]);
  });

  it("serves requests while it is draining, is taken out, and only then stops", async () => {
    const seen: string[] = [];
    const tickets = desk("tickets", { services }, ({ onStop }) =>
      onStop(() => {
        seen.push(`tickets stops with ${instances("helpdesk").length} instances announced`);
      }),
    );
    const { platform, instances, store, url } = await setStage({
      modules: [tickets.module],
      discovery: { drainGrace: "300ms" },
    });
    await platform.start();
    await expect.poll(() => instances("helpdesk")).toHaveLength(1);
    const answers: Promise<number>[] = [];
    store.onChange(() => {
      const states = instances("helpdesk").map(({ state }) => state);
      seen.push(`${platform.status().state}: ${states.join()}`);
      if (states.includes("draining")) answers.push(fetch(`${url()}/tickets`).then(({ status }) => status));
    });
    expect((await platform.stop()).errors).toEqual([]);
    expect(seen).toEqual(["draining: draining", "draining: ", "tickets stops with 0 instances announced"]);
    expect(await Promise.all(answers)).toEqual([200]);
  });

  it("has several endpoints, some of them at a port of its own", async () => {
    const many = [
      { name: "users" },
      { name: "users", protocol: "grpc", port: 9090 },
      { name: "users", protocol: "http", port: 9091, endpoint: "admin" },
      { name: "people", protocol: "tcp", port: 9092 },
    ];
    const { platform, instances, url } = await setStage({ modules: [desk("users", { services: many }).module] });
    await platform.start();
    await expect.poll(() => instances("people")).toHaveLength(1);
    const host = "127.0.0.1";
    expect(instances("users")[0]?.endpoints).toEqual([
      { name: "http", protocol: "http", host, port: Number(new URL(url()).port) },
      { name: "grpc", protocol: "grpc", host, port: 9090 },
      { name: "admin", protocol: "http", host, port: 9091 },
    ]);
    expect(instances("people")[0]?.endpoints).toEqual([{ name: "tcp", protocol: "tcp", host, port: 9092 }]);
  });

  it("is announced as the settings describe the process", async () => {
    const discovery = {
      instance: "blue-1",
      advertise: { host: "desk.example", port: 443 },
      region: "eu",
      zone: "eu-1",
      weight: 3,
    };
    const { platform, instances } = await setStage({ modules: [desk("tickets", { services }).module], discovery });
    await platform.start();
    await expect.poll(() => instances("helpdesk")).toHaveLength(1);
    expect(instances("helpdesk")[0]).toMatchObject({
      id: "blue-1",
      endpoints: [{ host: "desk.example", port: 443 }],
      locality: { region: "eu", zone: "eu-1" },
      weight: 3,
    });
  });

  it("leaves the host to the registry where the HTTP host listens on all addresses", async () => {
    const store = createMemoryStore();
    const { platform, instances } = await setStage({
      modules: [desk("tickets", { services }).module],
      settings: { http: { port: 0, drainDelay: "0s", host: "0.0.0.0" } },
      store,
      registry: createMemoryRegistry({ store, host: "node-7" }),
    });
    await platform.start();
    await expect.poll(() => instances("helpdesk")[0]?.endpoints[0]?.host).toBe("node-7");
  });
});

describe("health", () => {
  it("of the module, and of what it needs, is told to the registry", async () => {
    const identity = desk("identity");
    const extras = desk("extras");
    const dependencies = { identity: "^1.0.0", extras: { version: "^1.0.0", optional: true } };
    const tickets = desk("tickets", { services, dependencies });
    const { platform, instances, log } = await setStage({ modules: [identity.module, extras.module, tickets.module] });
    const state = () => instances("helpdesk")[0]?.state;
    extras.health = { status: "fail" };
    identity.health = { status: "warn" };
    await platform.start();
    await expect.poll(state).toBe("up");
    tickets.health = { status: "warn", message: "the queue is long" };
    await expect.poll(state).toBe("warning");
    identity.health = { status: "fail" };
    await expect.poll(state).toBe("down");
    identity.health = { status: "pass" };
    tickets.health = { status: "pass" };
    await expect.poll(state).toBe("up");
    expect(log.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        '"helpdesk" is announced as warning: module "tickets" warns in its health checks',
        '"helpdesk" is announced as down: module "tickets" fails its health checks, or one that it needs does',
        '"helpdesk" is announced as up',
      ]),
    );
  });

  it("of a module that was reloaded is told at once", async () => {
    const { platform, instances, log } = await setStage({
      modules: [desk("tickets", { services }).module],
      discovery: { healthInterval: "1h" },
    });
    await platform.start();
    await expect.poll(() => instances("helpdesk").map(({ state }) => state)).toEqual(["up"]);
    await platform.reload("tickets");
    await expect.poll(() => instances("helpdesk").map(({ state }) => state)).toEqual(["up"]);
    expect(log.lines.filter(({ message }) => message.includes("announced as down"))).toEqual([]);
  });

  it("counts from the first announcement on", async () => {
    const tickets = desk("tickets", { services });
    tickets.health = { status: "fail" };
    const { platform, store, instances } = await setStage({ modules: [tickets.module] });
    const seen: (string | undefined)[] = [];
    store.onChange(() => seen.push(instances("helpdesk")[0]?.state));
    await platform.start();
    await expect.poll(() => seen).toEqual(["down"]);
  });
});

describe("a registry that is away", () => {
  it("keeps nobody from starting, is a warning in /readyz, and is told everything when it is back", async () => {
    const store = createMemoryStore();
    store.interrupt();
    const { platform, instances, url, log } = await setStage({
      modules: [desk("tickets", { services }).module],
      store,
    });
    await platform.start();
    const readyz = async () => {
      const response = await fetch(`${url()}/readyz`);
      return [response.status, JSON.parse(await response.text()).warnings];
    };
    const settings = { timeout: 5_000 };
    await expect
      .poll(readyz, settings)
      .toEqual([
        200,
        [{ name: "discovery", messages: [expect.stringContaining('of service "helpdesk" is not registered')] }],
      ]);
    expect(log.lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(
        /^"helpdesk" is announced as soon as the registry can be told: the registry at memory could not/,
      ),
    );
    store.restore();
    await expect.poll(() => instances("helpdesk").length, settings).toBe(1);
    await expect.poll(readyz, settings).toEqual([200, []]);
  });

  it("does not make a stop fail", async () => {
    const { platform, store, instances, log } = await setStage({ modules: [desk("tickets", { services }).module] });
    await platform.start();
    await expect.poll(() => instances("helpdesk")).toHaveLength(1);
    store.interrupt();
    expect((await platform.stop()).errors).toEqual([]);
    expect(log.lines.map(({ message }) => message)).toContain(
      '"helpdesk" could not be taken out of the registry; it goes when its time is up',
    );
  });
});

describe("a registry that refuses", () => {
  it("is complained of, and the platform serves all the same", async () => {
    const store = createMemoryStore();
    const registry = createMemoryRegistry({ store });
    const denied = registryError("DISCOVERY_DENIED", {
      registry: "x",
      action: "register",
      reason: "no",
      grant: "more",
    });
    const { platform, log } = await setStage({
      modules: [desk("tickets", { services }).module],
      registry: { ...registry, register: () => Promise.reject(denied) },
    });
    await platform.start();
    const discoveryHealth = async () => (await platform.health()).find(({ module }) => module === "discovery");
    await expect.poll(discoveryHealth).toMatchObject({
      status: "warn",
      messages: ['"helpdesk" is not announced as it should be: the registry at x refused to register: no'],
    });
    const lines = log.lines.filter(({ fields }) => fields.code === "DISCOVERY_DENIED");
    expect(lines).toMatchObject([
      { level: "error", fields: { module: "discovery", fix: "Grant what is missing: more" } },
    ]);
    expect((await platform.stop()).errors).toEqual([]);
  });
});

describe("Announce", () => {
  const feed = (call: (announce: Announce) => void) => {
    const changing = Promise.withResolvers<Announce>();
    const module = defineModule(
      { name: "feed", version: "1.0.0", services: [{ name: "feed", protocol: "tcp" }] },
      {
        requires: { announce: Announce },
        setup({ announce, lifecycle }) {
          changing.resolve(announce);
          lifecycle.onStart(() => call(announce));
        },
      },
    );
    return { module, announce: changing.promise };
  };

  it("says at run time where a service is, and that it has moved", async () => {
    const { module, announce } = feed((announce) => announce.endpoint("feed", { port: 7001, host: "10.0.0.7" }));
    const { platform, instances } = await setStage({ modules: [module] });
    await platform.start();
    const endpoints = () => instances("feed")[0]?.endpoints;
    await expect.poll(endpoints).toEqual([{ name: "tcp", protocol: "tcp", host: "10.0.0.7", port: 7001 }]);
    (await announce).endpoint("feed", { port: 7002, host: "10.0.0.7", endpoint: "tcp" });
    await expect.poll(endpoints).toMatchObject([{ port: 7002 }]);
  });

  it("refuses what the manifest does not announce", async () => {
    const { module } = feed((announce) => announce.endpoint("fed", { port: 7001 }));
    const { platform } = await setStage({ modules: [module] });
    expect(await errorsOf(platform.start())).toMatchObject([
      {
        code: "DISCOVERY_UNANNOUNCED",
        message: 'module "feed" gives an endpoint "http" of the service "fed", which its manifest does not announce',
      },
    ]);
  });

  it("is missed by a service of which nobody says where it is", async () => {
    const { module } = feed(() => {});
    const { platform } = await setStage({ modules: [module] });
    expect(await errorsOf(platform.start())).toMatchObject([
      {
        code: "DISCOVERY_NO_ENDPOINT",
        message: 'module "feed" announces the endpoint "tcp" of the service "feed", but nobody said where it is',
      },
    ]);
  });
});

describe("a manifest", () => {
  const root = (files: Readonly<Record<string, string>>) => testFolder({ "platform.yaml": "name: desk\n", ...files });

  it("may not announce a service that another module announces, nor an endpoint twice", async () => {
    using folder = root({
      "modules/a/module.yaml": "name: a\nversion: 1.0.0\nservices:\n  - { name: desk, port: 1 }\n",
      "modules/b/module.yaml":
        "name: b\nversion: 1.0.0\nservices:\n  - { name: other, port: 2 }\n  - { name: desk, port: 3 }\n",
      "modules/c/module.yaml":
        "name: c\nversion: 1.0.0\nservices:\n  - { name: feed, port: 4 }\n  - { name: feed, port: 5, endpoint: http }\n",
    });
    expect(await errorsOf(createPlatform({ root: folder.root }))).toMatchObject([
      {
        code: "DISCOVERY_ANNOUNCED_TWICE",
        message: 'the modules "a" and "b" both announce the service "desk"',
        at: [
          { file: `${folder.root}/modules/a/module.yaml`, line: 4, column: 7 },
          { file: `${folder.root}/modules/b/module.yaml`, line: 5, column: 7 },
        ],
      },
      {
        code: "DISCOVERY_ENDPOINT_TWICE",
        message: 'module "c" announces the endpoint "http" of the service "feed" twice',
        at: [{ line: 4 }, { line: 5 }],
      },
    ]);
  });

  it.each([
    ["{ name: Desk }", 4, 13],
    ["{ name: desk, port: 0 }", 4, 25],
    ["{ name: desk, potr: 80 }", 4, 19],
    ["{ protocol: http }", 4, 5],
  ])("%s is refused with its place", async (entry, line, column) => {
    using folder = root({ "modules/a/module.yaml": `name: a\nversion: 1.0.0\nservices:\n  - ${entry}\n` });
    const [error] = await errorsOf(createPlatform({ root: folder.root }));
    expect(error).toMatchObject({ at: [{ line, column }] });
    expect(error?.code).toMatch(/^MANIFEST_/);
  });
});
