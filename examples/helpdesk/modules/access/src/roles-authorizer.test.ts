import { createFakeClock } from "@plinth/testing/clock";
import { expect, test } from "vitest";
import type { Grant } from "./grant.ts";
import { RolesAuthorizer } from "./roles-authorizer.ts";

/** Grants that count how often they are asked for. */
function grantsInMemory() {
  const byUser = new Map<string, readonly Grant[]>();
  const queries: string[] = [];
  let number = 1;
  return {
    queries,
    set(user: string, ...patterns: string[]) {
      byUser.set(
        user,
        patterns.map((pattern) => ({ pattern, effect: "allow" })),
      );
      number++;
    },
    revision: async () => {
      queries.push("revision");
      return number;
    },
    grantsOf: async (user: string) => {
      queries.push(`grants of ${user}`);
      return byUser.get(user) ?? [];
    },
  };
}

const ann = { id: "ann" };
const close = "tickets.ticket.close";

test("asks the database once for a user, and then answers at once from memory", async () => {
  const grants = grantsInMemory();
  grants.set("ann", "tickets.*");
  const authorizer = new RolesAuthorizer(grants, createFakeClock(), 500);
  expect(await authorizer.can(ann, close)).toBe(true);
  for (let check = 0; check < 1000; check++) expect(authorizer.can(ann, close)).toBe(true);
  expect(authorizer.can(ann, "reports.summary.read")).toBe(false);
  expect(grants.queries).toEqual(["revision", "grants of ann"]);
});

test("sees a change that another process made when its answers are older than allowed", async () => {
  const clock = createFakeClock();
  const grants = grantsInMemory();
  const authorizer = new RolesAuthorizer(grants, clock, 500);
  expect(await authorizer.can(ann, close)).toBe(false);
  grants.set("ann", "tickets.*");
  await clock.advance(499);
  expect(authorizer.can(ann, close)).toBe(false);
  await clock.advance(1);
  expect(await authorizer.can(ann, close)).toBe(true);
});

test("compares the revision and reads nothing else when nothing has changed", async () => {
  const clock = createFakeClock();
  const grants = grantsInMemory();
  const authorizer = new RolesAuthorizer(grants, clock, 500);
  await authorizer.can(ann, close);
  await clock.advance(500);
  await Promise.all([authorizer.can(ann, close), authorizer.can(ann, close), authorizer.can(ann, close)]);
  expect(grants.queries).toEqual(["revision", "grants of ann", "revision"]);
});

test("sees a change of this process at once", async () => {
  const grants = grantsInMemory();
  const authorizer = new RolesAuthorizer(grants, createFakeClock(), 500);
  expect(await authorizer.can(ann, close)).toBe(false);
  grants.set("ann", close);
  authorizer.forget();
  expect(await authorizer.can(ann, close)).toBe(true);
});

test("does not remember what was read before a change and arrived after it", async () => {
  const grants = grantsInMemory();
  const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>();
  const slow = {
    ...grants,
    grantsOf: async (user: string) => {
      const found = await grants.grantsOf(user);
      await arrival;
      return found;
    },
  };
  const authorizer = new RolesAuthorizer(slow, createFakeClock(), 500);
  const before = authorizer.can(ann, close);
  await new Promise(setImmediate);
  grants.set("ann", close);
  authorizer.forget();
  arrive();
  expect(await before).toBe(false);
  expect(await authorizer.can(ann, close)).toBe(true);
});

test("allows nothing while the grants cannot be read", async () => {
  const clock = createFakeClock();
  const grants = grantsInMemory();
  grants.set("ann", "*");
  let isBroken = false;
  const source = {
    ...grants,
    revision: () => (isBroken ? Promise.reject(new Error("no database")) : grants.revision()),
  };
  const authorizer = new RolesAuthorizer(source, clock, 500);
  expect(await authorizer.can(ann, close)).toBe(true);
  isBroken = true;
  await clock.advance(500);
  await expect(authorizer.can(ann, close)).rejects.toThrow("no database");
  isBroken = false;
  expect(await authorizer.can(ann, close)).toBe(true);
});
