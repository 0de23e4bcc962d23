import { createMemoryRegistry, type Registration, registryError, type ServiceRegistry } from "@plinth/discovery";
import { createFakeClock, createRecordingLog } from "@plinth/testing";
import { expect, it } from "vitest";
import { Announcement } from "./announcement.ts";
import { SharedRegistry } from "./shared-registry.ts";

const spec = { service: "helpdesk", endpoints: [{ name: "http", protocol: "http", port: 80 }] };
const denied = registryError("DISCOVERY_DENIED", { registry: "r", action: "register", reason: "no", grant: "more" });
const never = new Promise<never>(() => {});

function announce(change: Partial<ServiceRegistry>) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const registry = { ...createMemoryRegistry({ clock }), ...change };
  const announcement = new Announcement({ module: "tickets", spec, registry, clock, log });
  return { announcement, clock, log, warnings: () => log.lines.filter(({ level }) => level === "warn") };
}

it("asks a registry that refuses again, ever more seldom, and complains once", async () => {
  let calls = 0;
  let refusing = true;
  const registry = createMemoryRegistry();
  const { announcement, clock, log } = announce({
    async register(given) {
      calls += 1;
      if (refusing) throw denied;
      return registry.register(given);
    },
  });
  announcement.begin();
  await clock.advance(10 * 60_000);
  expect(calls).toBeGreaterThan(8);
  expect(calls).toBeLessThan(25);
  expect(announcement.complaint).toContain("refused to register: no");
  expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  refusing = false;
  await clock.advance(60_000);
  expect(announcement.complaint).toBeUndefined();
  await announcement.withdraw(0);
  expect(clock.pendingTimers).toBe(0);
});

it("a withdrawal gives a registration up that has not been answered, and leaves nothing behind", async () => {
  const { announcement, clock, warnings } = announce({
    register: (_, options) =>
      new Promise((_, reject) => options?.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
  });
  announcement.begin();
  await announcement.withdraw(5_000);
  expect(warnings()).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});

it("a withdrawal ends five seconds after its grace, whatever the registry does", async () => {
  const registration = {
    id: "a",
    state: "registered",
    update: async () => {},
    drain: () => never,
  } as unknown as Registration;
  const { announcement, clock, warnings } = announce({ register: async () => registration });
  announcement.begin();
  await clock.advance(0);
  let done = false;
  void announcement.withdraw(3_000).then(() => {
    done = true;
  });
  await clock.advance(7_900);
  expect(done).toBe(false);
  await clock.advance(100);
  expect(done).toBe(true);
  expect(warnings().map(({ message }) => message)).toEqual([
    'the registry did not let go of "helpdesk" in time; it goes when its time is up',
  ]);
});

it("an abort cuts the grace short", async () => {
  const { announcement, clock } = announce({});
  announcement.begin();
  await clock.advance(0);
  const hurry = new AbortController();
  const withdrawn = announcement.withdraw(60_000, hurry.signal);
  await clock.advance(10);
  hurry.abort();
  await withdrawn;
  expect(clock.pendingTimers).toBe(0);
});

it("nothing is announced once it has been withdrawn", async () => {
  const { announcement, clock, log } = announce({});
  await announcement.withdraw(0);
  announcement.begin();
  await clock.advance(1_000);
  expect(log.lines).toEqual([]);
});

it("a platform's registry that does not end is left after five seconds", async () => {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const shared = new SharedRegistry();
  shared.open({ ...createMemoryRegistry(), [Symbol.asyncDispose]: () => never });
  const closed = shared.close(clock, log);
  await clock.advance(5_000);
  await closed;
  expect(log.lines.map(({ message }) => message)).toEqual([
    "the registry did not end within 5000 ms and is left as it is",
  ]);
});
