import { createFakeClock } from "@plinth/testing/clock";
import { expect, it } from "vitest";
import { registryError } from "../port/registry-error.ts";
import { checkRegistration } from "./checked-registration.ts";
import { type DesiredRegistration, RegistrationKeeper, type RegistrationKeeperOptions } from "./registration-keeper.ts";

const away = registryError("DISCOVERY_UNAVAILABLE", { registry: "test", action: "register", reason: "away" });
const denied = registryError("DISCOVERY_DENIED", {
  registry: "test",
  action: "register",
  reason: "no",
  grant: "write",
});
const checked = checkRegistration({
  service: "users",
  id: "one",
  endpoints: [{ name: "http", protocol: "http", port: 8080 }],
});

/** A keeper on a registry that the test lets fail. */
function setup(options: Partial<RegistrationKeeperOptions> = {}) {
  const clock = createFakeClock();
  const log: string[] = [];
  const state: { fault: unknown; hang: boolean; held: DesiredRegistration | undefined; ended: boolean } = {
    fault: undefined,
    hang: false,
    held: undefined,
    ended: false,
  };
  const call = async (what: string, signal: AbortSignal): Promise<void> => {
    log.push(`${clock.now()} ${what}`);
    if (state.fault !== undefined) throw state.fault;
    if (!state.hang) return;
    await new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  };
  const keeper = new RegistrationKeeper({
    checked,
    id: "one",
    registry: "test",
    clock,
    backoff: { minMs: 100, jitter: 0 },
    calls: {
      async apply(desired, signal) {
        await call(`apply ${desired.state} ${desired.weight}`, signal);
        state.held = desired;
        return "node/one";
      },
      async remove(signal) {
        await call("remove", signal);
        state.held = undefined;
      },
    },
    onEnd() {
      state.ended = true;
    },
    ...options,
  });
  return { clock, keeper, log, state };
}

it("registers, and takes the id that the registry gave", async () => {
  const { keeper, state } = setup();
  await keeper.begin();
  expect([keeper.state, keeper.id, state.held?.state]).toEqual(["registered", "node/one", "up"]);
});

it("comes up degraded while the registry is away and tries with growing waits until it holds the last change", async () => {
  const { clock, keeper, log, state } = setup();
  state.fault = away;
  await keeper.begin();
  expect([keeper.state, keeper.lastError]).toEqual(["degraded", away]);
  await clock.advance(150);
  await keeper.update({ weight: 7 });
  await clock.advance(150);
  state.fault = undefined;
  await clock.advance(1_000);
  expect(log).toEqual(["0 apply up 1", "100 apply up 1", "150 apply up 7", "300 apply up 7", "700 apply up 7"]);
  expect([keeper.state, keeper.lastError, state.held?.weight]).toEqual(["registered", undefined, 7]);
});

it("rejects what waiting cannot mend, and leaves nothing behind", async () => {
  const { keeper, state } = setup();
  state.fault = denied;
  await expect(keeper.begin()).rejects.toBe(denied);
  expect([keeper.state, state.ended]).toEqual(["deregistered", true]);
});

it("stays as it was when a change is refused", async () => {
  const { keeper, log, state } = setup();
  await keeper.begin();
  state.fault = denied;
  await expect(keeper.update({ weight: 5 })).rejects.toBe(denied);
  state.fault = undefined;
  expect(keeper.spec.weight).toBe(1);
  await keeper.update({ weight: 1 });
  expect(log).toHaveLength(2);
});

it("registers again when the registry has lost it, without haste when that goes on", async () => {
  const { clock, keeper, log } = setup();
  await keeper.begin();
  for (let turn = 0; turn < 3; turn += 1) {
    keeper.lost(away);
    keeper.lost(away);
    expect(keeper.state).toBe("degraded");
    await clock.advance(1_000);
    expect(keeper.state).toBe("registered");
  }
  expect(log).toEqual(["0 apply up 1", "100 apply up 1", "1200 apply up 1", "2400 apply up 1"]);
});

it("undoes a register that is aborted while the registry is thinking", async () => {
  const { keeper, log, state } = setup();
  state.hang = true;
  const controller = new AbortController();
  const beginning = keeper.begin(controller.signal);
  await Promise.resolve();
  state.hang = false;
  controller.abort(new Error("the caller left"));
  await expect(beginning).rejects.toMatchObject({
    code: "DISCOVERY_ABORTED",
    message: expect.stringContaining("the caller left"),
  });
  expect(log).toEqual(["0 apply up 1", "0 remove"]);
  expect(keeper.state).toBe("deregistered");
});

it("bounds each call, and takes a call that hangs as the registry being away", async () => {
  const { clock, keeper, state } = setup({ callTimeoutMs: 1_000 });
  state.hang = true;
  const beginning = keeper.begin();
  await clock.advance(1_000);
  await beginning;
  expect(keeper.state).toBe("degraded");
  expect(keeper.lastError?.message).toBe('the registry at test did not register "one" within 1000 ms');
});

it("drains: says so, waits, and deregisters; a deregister cuts the wait short", async () => {
  const { clock, keeper, log } = setup();
  await keeper.begin();
  const drained = keeper.drain({ graceMs: 5_000 });
  await clock.advance(4_999);
  expect([keeper.state, log.at(-1)]).toEqual(["registered", "0 apply draining 1"]);
  await clock.advance(1);
  await drained;
  expect([keeper.state, log.at(-1)]).toEqual(["deregistered", "5000 remove"]);

  const other = setup();
  await other.keeper.begin();
  const cut = other.keeper.drain({ graceMs: 5_000 });
  await other.clock.advance(10);
  await other.keeper.deregister();
  await cut;
  expect(other.log.at(-1)).toBe("10 remove");
  expect(other.clock.pendingTimers).toBe(0);
});

it("deregisters once, tries a few times, and ends all the same when the registry stays away", async () => {
  const { clock, keeper, log, state } = setup();
  await keeper.begin();
  state.fault = away;
  const ending = [keeper.deregister(), keeper.deregister()];
  const outcome = Promise.allSettled(ending);
  await clock.advance(60_000);
  expect((await outcome).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(log).toEqual(["0 apply up 1", "0 remove", "100 remove", "300 remove"]);
  expect([keeper.state, state.ended]).toEqual(["deregistered", true]);
  await expect(keeper.update({ weight: 2 })).rejects.toMatchObject({ code: "DISCOVERY_DEREGISTERED" });
});

it("gives up mending when it is deregistered meanwhile", async () => {
  const { clock, keeper, log, state } = setup();
  state.fault = away;
  await keeper.begin();
  state.fault = undefined;
  await keeper.deregister();
  await clock.advance(60_000);
  expect(log).toEqual(["0 apply up 1", "0 remove"]);
  expect(state.held).toBeUndefined();
});
