import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { ServiceInstance, ServiceRegistry } from "@plinth/discovery";
import type { Law, LawContext } from "../law.ts";

/** Registering, changing, draining and deregistering. */
export const registeringLaws: readonly Law[] = [
  {
    id: "shows-as-said",
    name: "a registered instance shows to others with all that was said of it",
    async check({ service, connect, eventually }) {
      const registry = await connect();
      const registration = await registry.register({
        service,
        id: "one",
        version: "1.2.3",
        endpoints: [
          { name: "http", protocol: "http", host: "192.0.2.7", port: 8080 },
          { name: "rpc", protocol: "grpc", host: "192.0.2.7", port: 9090 },
        ],
        weight: 3,
        locality: { zone: "zone-a" },
        tags: ["blue", "fast"],
        metadata: { owner: "team-x", note: "ein Gruß, mit Komma" },
      });
      equal(registration.state, "registered");
      const other = (await connect()).watch({ service });
      const instance = await eventually("the instance shows", () => other.current?.instances[0]);
      equal(instance.id, registration.id);
      equal(instance.service, service);
      equal(instance.version, "1.2.3");
      equal(instance.state, "up");
      equal(instance.weight, 3);
      equal(instance.locality?.zone, "zone-a");
      deepEqual([...instance.tags].sort(), ["blue", "fast"]);
      equal(instance.metadata.owner, "team-x");
      equal(instance.metadata.note, "ein Gruß, mit Komma");
      deepEqual(byName(instance), [
        ["http", "http", "192.0.2.7", 8080],
        ["rpc", "grpc", "192.0.2.7", 9090],
      ]);
    },
  },
  {
    id: "defaults",
    name: "what is left out has the port's defaults, and an instance gets an id of its own",
    async check({ service, connect, eventually }) {
      const registry = await connect();
      const endpoints = [{ name: "http", protocol: "http", host: "192.0.2.7", port: 8080 }];
      const first = await registry.register({ service, endpoints });
      const second = await registry.register({ service, endpoints: [{ ...endpoints[0], port: 8081 } as never] });
      const instances = await instancesOf({ service, eventually }, registry, 2);
      deepEqual(new Set(instances.map(({ id }) => id)), new Set([first.id, second.id]));
      for (const instance of instances) {
        equal(instance.state, "up");
        equal(instance.weight, 1);
        deepEqual(instance.tags, []);
        deepEqual(instance.metadata, {});
      }
    },
  },
  {
    id: "same-again",
    name: "registering the same id and spec again does nothing and gives the standing registration",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const first = await registry.register(spec({ id: "one" }));
      const watcher = registry.watch({ service });
      await eventually("the instance shows", () => watcher.current?.instances.length === 1);
      const before = watcher.current?.instances;
      const second = await registry.register(spec({ id: "one" }));
      equal(second, first);
      const marker = await registry.register(spec({ id: "two" }));
      await eventually("a later change shows", () => watcher.current?.instances.length === 2);
      equal(
        watcher.current?.instances.find(({ id }) => id === first.id),
        before?.[0],
        "the instance has not changed",
      );
      equal(marker.state, "registered");
    },
  },
  {
    id: "changed-is-update",
    name: "registering a known id with another spec is an update, also of what the new spec leaves out",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const first = await registry.register(spec({ id: "one", version: "1.0.0", tags: ["old"], weight: 2 }));
      const second = await registry.register(spec({ id: "one", weight: 5 }));
      equal(second, first);
      const watcher = registry.watch({ service });
      const instance = await eventually("the change shows", () =>
        watcher.current?.instances.find(({ weight }) => weight === 5),
      );
      equal(watcher.current?.instances.length, 1);
      equal(instance.version, undefined);
      deepEqual(instance.tags, []);
    },
  },
  {
    id: "update-keeps-rest",
    name: "an update changes what it names and keeps the rest",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const registration = await registry.register(spec({ tags: ["kept"], metadata: { a: "1" } }));
      await registration.update({ metadata: { a: "2" } });
      const watcher = registry.watch({ service });
      const instance = await eventually("the update shows", () =>
        watcher.current?.instances.find(({ metadata }) => metadata.a === "2"),
      );
      deepEqual(instance.tags, ["kept"]);
      equal(registration.id, instance.id);
    },
  },
  {
    id: "state-shows",
    name: "the state that an instance says of itself shows to others",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const registration = await registry.register(spec());
      const watcher = (await connect()).watch({ service });
      for (const state of ["warning", "down", "up"] as const) {
        await registration.update({ state });
        await eventually(`the state ${state} shows`, () => watcher.current?.instances[0]?.state === state);
      }
    },
  },
  {
    id: "deregister",
    name: "a deregistered instance is gone, and deregistering it again is no error",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const kept = await registry.register(spec({ id: "kept" }));
      const registration = await registry.register(spec({ id: "gone" }));
      await instancesOf({ service, eventually }, registry, 2);
      await registration.deregister();
      await registration.deregister();
      equal(registration.state, "deregistered");
      const [left] = await instancesOf({ service, eventually }, registry, 1);
      equal(left?.id, kept.id);
      await rejects(registration.update({ weight: 2 }), { code: "DISCOVERY_DEREGISTERED" });
    },
  },
  {
    id: "register-after-deregister",
    name: "an id that was deregistered can be registered again",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const first = await registry.register(spec({ id: "one", weight: 2 }));
      const leaving = first.deregister();
      const second = await registry.register(spec({ id: "one", weight: 3 }));
      await leaving;
      equal(second.state, "registered");
      const watcher = registry.watch({ service });
      await eventually("it shows again", () => watcher.current?.instances.find(({ weight }) => weight === 3));
      equal(watcher.current?.instances.length, 1);
    },
  },
  {
    id: "scale-to-zero",
    name: "when the last instance goes, watchers get the empty list",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const watcher = (await connect()).watch({ service });
      const registrations = await Promise.all(["a", "b"].map((id) => registry.register(spec({ id }))));
      await eventually("both show", () => watcher.current?.instances.length === 2);
      await Promise.all(registrations.map((registration) => registration.deregister()));
      const snapshot = await eventually(
        "none is left",
        () => watcher.current?.instances.length === 0 && watcher.current,
      );
      equal(snapshot.status, "live");
    },
  },
  {
    id: "drain",
    name: "a draining instance stays visible as such until its grace is over, then it is gone",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const registration = await registry.register(spec());
      const watcher = (await connect()).watch({ service });
      await eventually("the instance shows", () => watcher.current?.instances.length === 1);
      const drained = registration.drain({ graceMs: 600_000 });
      await eventually("it drains", () => watcher.current?.instances[0]?.state === "draining");
      await registration.deregister();
      await drained;
      equal(registration.state, "deregistered");
      await eventually("it is gone", () => watcher.current?.instances.length === 0);
    },
  },
  {
    id: "drain-ends",
    name: "a drain deregisters by itself when its grace is over",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const registration = await registry.register(spec());
      await Promise.all([registration.drain({ graceMs: 20 }), registration.drain({ graceMs: 20 })]);
      equal(registration.state, "deregistered");
      await eventually("it is gone", async () => (await registry.resolve({ service })).instances.length === 0);
    },
  },
  {
    id: "register-after-drain",
    name: "an id that was drained is up when it is registered again",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      await (await registry.register(spec({ id: "one" }))).drain({ graceMs: 0 });
      await registry.register(spec({ id: "one" }));
      const [instance] = await instancesOf({ service, eventually }, registry, 1);
      equal(instance?.state, "up");
    },
  },
  {
    id: "abort-leaves-nothing",
    name: "a register that is aborted, before or midway, leaves nothing behind",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const aborted = { code: "DISCOVERY_ABORTED" };
      await rejects(registry.register(spec({ id: "before" }), { signal: AbortSignal.abort() }), aborted);
      for (const turns of [0, 1, 3, 10]) {
        const controller = new AbortController();
        const registering = registry.register(spec({ id: `midway-${turns}` }), { signal: controller.signal });
        const outcome = registering.then(
          (registration) => registration.deregister(),
          (error: { readonly code?: string }) => equal(error.code, "DISCOVERY_ABORTED"),
        );
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        controller.abort();
        await outcome;
      }
      await registry.register(spec({ id: "marker" }));
      const instances = await instancesOf({ service, eventually }, registry, 1);
      equal(instances.length, 1);
    },
  },
  {
    id: "invalid-registration",
    name: "a registration that cannot be is refused with everything that is wrong, and changes nothing",
    async check({ service, spec, connect }) {
      const registry = await connect();
      const wrong = spec({ id: "a b", weight: 0, endpoints: [{ name: "http", protocol: "http", port: 70_000 }] });
      await rejects(registry.register(wrong), (error: Error & { readonly code?: string }) => {
        equal(error.code, "DISCOVERY_INVALID");
        for (const part of [/"a b"/, /70000/, /weight 0/]) match(error.message, part);
        return true;
      });
      const registration = await registry.register(spec({ weight: 2 }));
      await rejects(registration.update({ weight: -1 }), { code: "DISCOVERY_INVALID" });
      equal(registration.state, "registered");
      ok(!(await registry.services()).includes("a b"));
      await registration.update({ weight: 2 });
      equal(
        (await registry.resolve({ service })).instances.every(({ weight }) => weight === 2),
        true,
      );
    },
  },
];

function byName(instance: ServiceInstance): unknown[] {
  return [...instance.endpoints]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, protocol, host, port }) => [name, protocol, host, port]);
}

function instancesOf(
  { service, eventually }: Pick<LawContext, "service" | "eventually">,
  registry: ServiceRegistry,
  count: number,
): Promise<readonly ServiceInstance[]> {
  return eventually(`${count} instances show`, async () => {
    const { instances } = await registry.resolve({ service });
    return instances.length === count && instances;
  });
}
