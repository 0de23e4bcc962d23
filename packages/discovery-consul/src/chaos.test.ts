import type { Registration, Snapshot } from "@plinth/discovery";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultProxy } from "./fault-proxy.fixture.ts";
import { eventually, missing, type Stage, setStage, specOf } from "./real-agent.fixture.ts";

const seed = 7;
const steps = 80;

/** The faults that may come over the way to the agent; each ends with the returned function. */
const faults: readonly ((proxy: FaultProxy, random: () => number) => () => Promise<void> | void)[] = [
  ...[500, 503, 429, 403].map((status) => (proxy: FaultProxy) => {
    proxy.answer = () => ({ status, body: "chaos" });
    return () => {
      proxy.answer = undefined;
    };
  }),
  (proxy) => {
    proxy.silence();
    return () => proxy.speak();
  },
  (proxy) => {
    proxy.loseAnswers = true;
    return () => {
      proxy.loseAnswers = false;
    };
  },
  (proxy) => {
    const refusing = proxy.refuse();
    return async () => (await refusing)();
  },
  (proxy, random) => {
    proxy.rewrite = (headers) => {
      if (headers["x-consul-index"] !== undefined) headers["x-consul-index"] = String(Math.floor(random() * 50));
    };
    return () => {
      proxy.rewrite = undefined;
    };
  },
  (proxy, random) => {
    proxy.answer = ({ path }) => (random() < 0.5 && path.includes("health") ? { status: 200, body: "[" } : undefined);
    return () => {
      proxy.answer = undefined;
    };
  },
];

describe.skipIf(missing !== undefined)("faults in random order between registries and a real agent", () => {
  let stage: Stage;

  beforeAll(async () => {
    if (missing === undefined) stage = await setStage();
  });
  afterAll(() => stage?.stop());

  it(`leave no gap, no phantom and the last state, in ${steps} steps with seed ${seed}`, async () => {
    // What is drawn while a fault lasts depends on timing, and must not change the order of faults.
    const random = randomFrom(seed);
    const within = randomFrom(seed + 1);
    const options = { waitMs: 150, requestTimeoutMs: 150, heartbeatTtlMs: 60_000 };
    const service = "chaos";
    const names = ["a", "b", "c"];
    const registrations = await Promise.all(
      names.map((id) => stage.connect(options).register(specOf(service, { id, metadata: { step: "0" } }))),
    );
    const watcher = stage.connect(options).watch({ service });
    await eventually("all show", () => watcher.current?.instances.length === names.length);
    const seen: Snapshot[] = [];
    const iterating = (async () => {
      for await (const snapshot of watcher) seen.push(snapshot);
    })();
    const wanted = new Map<Registration, string>(registrations.map((registration) => [registration, "0"]));
    const updates: Promise<void>[] = [];

    for (let step = 1; step <= steps; step += 1) {
      const fault = faults[Math.floor(random() * faults.length)] as (typeof faults)[number];
      const end = fault(stage.proxy, within);
      const registration = registrations[Math.floor(random() * registrations.length)] as Registration;
      // One after another for each, as its owner would; a refused one leaves things as they were.
      await Promise.allSettled(updates.splice(0));
      updates.push(
        registration.update({ metadata: { step: String(step) } }).then(
          () => void wanted.set(registration, String(step)),
          (error: { readonly code?: string }) => expect(error.code).toBe("DISCOVERY_DENIED"),
        ),
      );
      const asked = stage.proxy.seen.length;
      await eventually("the fault was met", () => stage.proxy.seen.length > asked + 1 || within() < 0.05);
      await end();
    }
    await Promise.allSettled(updates);

    await eventually("all are registered", () => registrations.every(({ state }) => state === "registered"));
    await eventually("all show their last state", () => {
      const { instances = [], status } = watcher.current ?? {};
      const steps = new Map(instances.map(({ id, metadata }) => [id, metadata.step]));
      return (
        status === "live" &&
        instances.length === names.length &&
        [...wanted].every(([{ id }, step]) => steps.get(id) === step)
      );
    });
    await watcher[Symbol.asyncDispose]();
    await iterating;
    const ids = new Set(registrations.map(({ id }) => id));
    expect(seen.every(({ instances }) => instances.length === names.length)).toBe(true);
    expect(new Set(seen.flatMap(({ instances }) => instances.map(({ id }) => id)))).toEqual(ids);
    expect(seen.some(({ status }) => status === "stale")).toBe(true);
  });
});

/** Numbers from 0 up to 1, the same for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
