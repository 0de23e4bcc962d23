import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import type { Snapshot } from "@plinth/discovery";
import type { Law } from "../law.ts";

/** What holds while the registry is away, and after it came back. */
export const absenceLaws: readonly Law[] = [
  {
    id: "stale-while-away",
    name: "while the registry is away the last known instances stay, marked as stale, and no iteration throws",
    needs: ["interrupt"],
    async check({ service, spec, connect, eventually, interrupt, restore }) {
      const registry = await connect();
      await registry.register(spec());
      const watcher = registry.watch({ service });
      await eventually("the instance shows", () => watcher.current?.instances.length === 1);
      const seen: Snapshot[] = [];
      const consuming = (async () => {
        for await (const snapshot of watcher) seen.push(snapshot);
      })();
      await interrupt();
      const stale = await eventually("it is stale", () => watcher.current?.status === "stale" && watcher.current);
      equal(stale.instances.length, 1);
      ok(stale.staleSince !== undefined && stale.staleSince >= stale.observedAt);
      ok(stale.lastError?.code.startsWith("DISCOVERY_"));
      await restore();
      const live = await eventually("it is live", () => watcher.current?.status === "live" && watcher.current);
      equal(live.staleSince, undefined);
      equal(live.lastError, undefined);
      await watcher[Symbol.asyncDispose]();
      await consuming;
      ok(
        seen.every(({ instances }) => instances.length === 1),
        "no consumer saw a gap",
      );
      ok(seen.some(({ status }) => status === "stale") && seen.at(-1)?.status === "live");
    },
  },
  {
    id: "resolve-while-away",
    name: "while the registry is away resolve answers with the last known, unless that is older than allowed",
    needs: ["interrupt"],
    async check({ service, spec, connect, eventually, interrupt, restore }) {
      const registry = await connect();
      await registry.register(spec());
      const watcher = registry.watch({ service });
      await eventually("the instance shows", () => watcher.current?.instances.length === 1);
      await interrupt();
      await eventually("it is stale", () => watcher.current?.status === "stale");
      const known = await registry.resolve({ service });
      equal(known.status, "stale");
      equal(known.instances.length, 1);
      await eventually("it is older than nothing", () => Date.now() > known.observedAt);
      await rejects(registry.resolve({ service }, { maxStaleMs: 0 }), { code: "DISCOVERY_STALE" });
      await rejects(registry.resolve({ service: `${service}-unknown` }), (error: { readonly code?: string }) => {
        deepEqual(["DISCOVERY_UNAVAILABLE", "DISCOVERY_TIMEOUT"].includes(error.code ?? ""), true);
        return true;
      });
      await restore();
    },
  },
  {
    id: "watch-begun-while-away",
    name: "a watch that begins while the registry is away is ready once it is back",
    needs: ["interrupt"],
    async check({ service, spec, connect, eventually, interrupt, restore }) {
      await (await connect()).register(spec());
      const registry = await connect();
      await interrupt();
      const watcher = registry.watch({ service });
      await eventually("the fault is known", () => registry.health().status === "warn");
      equal(watcher.current, undefined);
      await restore();
      const snapshot = await watcher.ready;
      equal(snapshot.status, "live");
      await eventually("the instance shows", () => watcher.current?.instances.length === 1);
    },
  },
  {
    id: "register-while-away",
    name: "a register while the registry is away gives a degraded registration that mends itself",
    needs: ["interrupt"],
    async check({ service, spec, connect, eventually, interrupt, restore }) {
      const registry = await connect();
      await interrupt();
      const registration = await registry.register(spec());
      equal(registration.state, "degraded");
      notEqual(registration.lastError, undefined);
      await registration.update({ weight: 9 });
      await restore();
      await eventually("it is registered", () => registration.state === "registered");
      equal(registration.lastError, undefined);
      const watcher = registry.watch({ service });
      await eventually("it shows with its last change", () => watcher.current?.instances[0]?.weight === 9);
    },
  },
  {
    id: "ended-stays-ended",
    name: "an instance deregistered before it could be registered never shows",
    needs: ["interrupt"],
    async check({ service, spec, connect, eventually, interrupt, restore }) {
      const registry = await connect();
      await interrupt();
      const registration = await registry.register(spec({ id: "ended" }));
      const leaving = registration.deregister().catch(() => {});
      await restore();
      await leaving;
      equal(registration.state, "deregistered");
      const marker = await registry.register(spec({ id: "marker" }));
      const watcher = registry.watch({ service });
      await eventually("a later one shows", () => watcher.current?.instances.some(({ id }) => id === marker.id));
      equal(watcher.current?.instances.length, 1);
    },
  },
  {
    id: "changes-made-up",
    name: "what changed while the registry was away shows after it is back",
    needs: ["interrupt"],
    async check({ service, spec, connect, eventually, interrupt, restore }) {
      const registry = await connect();
      const registration = await registry.register(spec({ metadata: { step: "before" } }));
      const watcher = (await connect()).watch({ service });
      await eventually("the instance shows", () => watcher.current?.instances.length === 1);
      await interrupt();
      await eventually("it is stale", () => watcher.current?.status === "stale");
      const updating = registration.update({ metadata: { step: "after" } });
      await restore();
      await updating;
      await eventually("the change shows", () => watcher.current?.instances[0]?.metadata.step === "after");
      await eventually("it is live", () => watcher.current?.status === "live");
    },
  },
  {
    id: "health-tells",
    name: "the health warns while the registry is away and passes again after",
    needs: ["interrupt"],
    async check({ service, connect, eventually, interrupt, restore }) {
      const registry = await connect();
      await registry.watch({ service }).ready;
      deepEqual(registry.health(), { status: "pass", messages: [] });
      await interrupt();
      const warning = await eventually("it warns", () => registry.health().status === "warn" && registry.health());
      ok(warning.messages.some((message) => message.includes(service)));
      await restore();
      await eventually("it passes", () => registry.health().status === "pass");
    },
  },
  {
    id: "comes-back-after-wipe",
    name: "after the registry lost its state all instances are back without anybody's doing",
    needs: ["wipe"],
    async check({ service, spec, connect, eventually, wipe }) {
      const registries = await Promise.all([connect(), connect()]);
      const registrations = await Promise.all(
        registries.map((registry, id) => registry.register(spec({ id: `i${id}` }))),
      );
      const watcher = (await connect()).watch({ service });
      await eventually("both show", () => watcher.current?.instances.length === 2);
      await wipe();
      const marker = await (await connect()).register(spec({ id: "marker" }));
      await eventually("all are back", () => watcher.current?.instances.length === 3);
      await eventually("they know it", () => registrations.every(({ state }) => state === "registered"));
      equal(marker.state, "registered");
    },
  },
  {
    id: "deregister-after-wipe",
    name: "deregistering an instance that the registry has forgotten is success",
    needs: ["wipe"],
    async check({ service, spec, connect, eventually, wipe }) {
      const registry = await connect();
      const registration = await registry.register(spec());
      await wipe();
      await registration.deregister();
      equal(registration.state, "deregistered");
      await eventually("none is there", async () => (await registry.resolve({ service })).instances.length === 0);
    },
  },
];
