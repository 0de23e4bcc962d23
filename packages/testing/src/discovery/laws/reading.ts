import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import type { Law } from "../law.ts";

/** Watching and resolving. */
export const readingLaws: readonly Law[] = [
  {
    id: "empty-is-a-value",
    name: "a service without instances is an empty snapshot, not a wait",
    async check({ service, connect }) {
      const registry = await connect();
      const snapshot = await registry.watch({ service }).ready;
      deepEqual(snapshot.instances, []);
      equal(snapshot.service, service);
      equal(snapshot.status, "live");
      deepEqual((await registry.resolve({ service })).instances, []);
    },
  },
  {
    id: "snapshot-is-frozen",
    name: "snapshots are deeply frozen and in order of id",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      await registry.register(spec({ id: "b" }));
      await registry.register(spec({ id: "a", tags: ["x"], metadata: { k: "v" }, locality: { zone: "z" } }));
      const snapshot = await eventually("both instances show", async () => {
        const found = await registry.resolve({ service });
        return found.instances.length === 2 && found;
      });
      const ids = snapshot.instances.map(({ id }) => id);
      deepEqual(ids, [...ids].sort());
      const [instance] = snapshot.instances;
      ok(instance);
      const parts = [snapshot, snapshot.instances, instance, instance.endpoints, instance.tags, instance.metadata];
      for (const part of [...parts, ...instance.endpoints]) ok(Object.isFrozen(part));
      for (const { locality } of snapshot.instances) ok(locality === undefined || Object.isFrozen(locality));
    },
  },
  {
    id: "watch-yields-changes",
    name: "a watch yields what is there and then each state that follows",
    async check({ service, spec, connect }) {
      const registry = await connect();
      const watcher = registry.watch({ service });
      const seen: number[] = [];
      const other = await connect();
      const registration = await other.register(spec());
      for await (const snapshot of watcher) {
        const count = snapshot.instances.length;
        if (seen.at(-1) === count) continue;
        seen.push(count);
        if (count === 1) await registration.deregister();
        else if (seen.includes(1)) break;
      }
      deepEqual(seen.slice(-2), [1, 0]);
      deepEqual(watcher.current?.instances, []);
    },
  },
  {
    id: "late-watcher",
    name: "a later watcher of the same service has its snapshot at once",
    async check({ service, connect }) {
      const registry = await connect();
      const first = await registry.watch({ service }).ready;
      const late = registry.watch({ service });
      ok(late.current, "current is there before anything is awaited");
      deepEqual(late.current.instances, first.instances);
      equal((await late.ready).service, service);
    },
  },
  {
    id: "latest-wins",
    name: "a consumer that does not keep up gets the latest snapshot, not the ones between",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const watcher = registry.watch({ service });
      await watcher.ready;
      const iterator = watcher[Symbol.asyncIterator]();
      await iterator.next();
      const registration = await registry.register(spec({ metadata: { step: "0" } }));
      for (let step = 1; step <= 20; step += 1) await registration.update({ metadata: { step: String(step) } });
      await eventually("the last step shows", () => watcher.current?.instances[0]?.metadata.step === "20");
      const { value } = await iterator.next();
      equal(value?.instances[0]?.metadata.step, "20");
    },
  },
  {
    id: "storm",
    name: "after many changes by several parties the last state is right",
    async check({ service, spec, connect, eventually }) {
      const watching = await connect();
      const watcher = watching.watch({ service });
      const parties = await Promise.all(["a", "b", "c"].map(async (id) => ({ id, registry: await connect() })));
      await Promise.all(
        parties.map(async ({ id, registry }) => {
          const registration = await registry.register(spec({ id, metadata: { step: "0" } }));
          for (let step = 1; step <= 30; step += 1) await registration.update({ metadata: { step: String(step) } });
          if (id === "c") await registration.deregister();
        }),
      );
      await eventually("two instances at their last step", () => {
        const instances = watcher.current?.instances ?? [];
        return instances.length === 2 && instances.every(({ metadata }) => metadata.step === "30");
      });
    },
  },
  {
    id: "iterations-are-apart",
    name: "leaving one iteration of a watcher, or throwing in it, ends no other",
    async check({ service, spec, connect }) {
      const registry = await connect();
      const watcher = registry.watch({ service });
      const iterator = watcher[Symbol.asyncIterator]();
      equal((await iterator.next()).done, false);
      await rejects(async () => {
        for await (const _ of watcher) throw new RangeError("the consumer failed");
      }, RangeError);
      await registry.register(spec());
      let found = 0;
      while (found === 0) found = (await iterator.next()).value?.instances.length ?? -1;
      equal(found, 1);
    },
  },
  {
    id: "query-narrows",
    name: "tags and metadata narrow a query, and changes of other instances are none for it",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      await registry.register(spec({ id: "a", tags: ["fast", "eu"], metadata: { rack: "1" } }));
      const other = await registry.register(spec({ id: "b", tags: ["fast"], metadata: { rack: "2" } }));
      await eventually("both show", async () => (await registry.resolve({ service })).instances.length === 2);
      const tagged = await registry.resolve({ service, tags: ["fast", "eu"] });
      deepEqual(
        tagged.instances.map(({ metadata }) => metadata.rack),
        ["1"],
      );
      const byMetadata = await registry.resolve({ service, metadata: { rack: "2" } });
      equal(byMetadata.instances.length, 1);
      deepEqual((await registry.resolve({ service, tags: ["none"] })).instances, []);
      const watcher = registry.watch({ service, metadata: { rack: "1" } });
      const iterator = watcher[Symbol.asyncIterator]();
      await iterator.next();
      const next = iterator.next();
      await other.update({ weight: 7 });
      const whole = registry.watch({ service });
      await eventually("the other's change shows", () => whole.current?.instances.some(({ weight }) => weight === 7));
      await registry.register(spec({ id: "a", tags: ["eu"], metadata: { rack: "1" } }));
      deepEqual((await next).value?.instances[0]?.tags, ["eu"], "the first news is the change of an own instance");
    },
  },
  {
    id: "abort-ends-watch",
    name: "an aborted watch ends without an error, and what had not come is rejected as aborted",
    async check({ service, connect }) {
      const registry = await connect();
      const controller = new AbortController();
      const watcher = registry.watch({ service }, { signal: controller.signal });
      await watcher.ready;
      const iterator = watcher[Symbol.asyncIterator]();
      await iterator.next();
      const waiting = iterator.next();
      controller.abort();
      equal((await waiting).done, true);
      const late = registry.watch({ service }, { signal: AbortSignal.abort() });
      await rejects(late.ready, { code: "DISCOVERY_ABORTED" });
      await rejects(registry.resolve({ service }, { signal: AbortSignal.abort() }), { code: "DISCOVERY_ABORTED" });
    },
  },
  {
    id: "dispose-ends-watch",
    name: "a watcher that is disposed of ends, and another of the same service goes on",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const first = registry.watch({ service });
      const second = registry.watch({ service });
      await Promise.all([first.ready, second.ready]);
      await first[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
      equal((await first[Symbol.asyncIterator]().next()).done, true);
      await registry.register(spec());
      await eventually("the other watcher sees the instance", () => second.current?.instances.length === 1);
    },
  },
  {
    id: "invalid-query",
    name: "a query that cannot be is refused everywhere in the same way",
    async check({ connect }) {
      const registry = await connect();
      const query = { service: "No Such Name" };
      const watcher = registry.watch(query);
      await rejects(watcher.ready, { code: "DISCOVERY_INVALID" });
      await rejects(watcher[Symbol.asyncIterator]().next(), { code: "DISCOVERY_INVALID" });
      await rejects(registry.resolve(query), { code: "DISCOVERY_INVALID" });
    },
  },
  {
    id: "services-are-listed",
    name: "the services that have instances are listed, sorted",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const registration = await registry.register(spec());
      const names = await eventually("the service is listed", async () => {
        const listed = await registry.services();
        return listed.includes(service) && listed;
      });
      deepEqual(names, [...names].sort());
      equal(new Set(names).size, names.length);
      await registration.deregister();
      await eventually("it is no longer listed", async () => !(await registry.services()).includes(service));
    },
  },
  {
    id: "close-ends-all",
    name: "a registry that is disposed of ends its watchers, deregisters its instances and refuses more",
    async check({ service, spec, connect, eventually }) {
      const registry = await connect();
      const watcher = registry.watch({ service });
      await watcher.ready;
      const registration = await registry.register(spec());
      const observer = (await connect()).watch({ service });
      await eventually("the instance shows", () => observer.current?.instances.length === 1);
      await registry[Symbol.asyncDispose]();
      equal(registration.state, "deregistered");
      await eventually("the instance is gone", () => observer.current?.instances.length === 0);
      const iterator = watcher[Symbol.asyncIterator]();
      equal((await iterator.next()).done, true);
      await rejects(registry.resolve({ service }), { code: "DISCOVERY_ABORTED" });
      await rejects(registry.register(spec()), { code: "DISCOVERY_ABORTED" });
      notEqual(watcher.current, undefined, "what was known stays to be read");
    },
  },
];
