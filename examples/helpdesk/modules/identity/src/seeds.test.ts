import { silentLogger } from "@plinth/module";
import { expect, test } from "vitest";
import type { User } from "./contract.ts";
import { createSeeds, seedsOf } from "./seeds.ts";
import { readSettings } from "./settings.ts";
import type { Registration } from "./users.ts";

const settings = readSettings({
  sessionHours: 1,
  cleanUpInterval: "1m",
  signIn: { attempts: 1, attemptsPerAddress: 1, window: "1m" },
  seedDemoUsers: false,
});

/** Users in memory; `registered` are there already, as people who registered themselves. */
function usersInMemory(...registered: string[]) {
  const all = new Map<string, { readonly user: User; readonly role: string | undefined }>();
  const add = (email: string, role?: string) => {
    const user = { id: email, name: email, email };
    all.set(email, { user, role });
    return user;
  };
  for (const email of registered) add(email);
  return {
    seeded: async () => [...all.values()].flatMap(({ user, role }) => (role === undefined ? [] : [{ user, role }])),
    register: async ({ email }: Registration, role?: string) => {
      return all.has(email.toLowerCase()) ? undefined : add(email.toLowerCase(), role);
    },
  };
}

async function rolesAfter(users: ReturnType<typeof usersInMemory>, seeds: ReturnType<typeof seedsOf>) {
  await createSeeds(seeds, users, silentLogger);
  return Object.fromEntries((await users.seeded()).map(({ user, role }) => [user.email, role]));
}

const administrator = { email: "Boss@example.com", password: "a long password" };

test("without settings nobody is created", () => {
  expect(seedsOf(settings)).toEqual([]);
});

test("demo users and an administrator are created once, when the settings ask for them", async () => {
  const users = usersInMemory();
  const seeds = seedsOf({ ...settings, seedDemoUsers: true, administrator });
  const expected = {
    "demo@helpdesk.example": "customer",
    "agent@helpdesk.example": "agent",
    "admin@helpdesk.example": "admin",
    "boss@example.com": "admin",
  };
  expect(await rolesAfter(users, seeds)).toEqual(expected);
  expect(await rolesAfter(users, seeds)).toEqual(expected);
});

test("somebody who registered with the administrator's address before is not made one", async () => {
  const users = usersInMemory("boss@example.com");
  expect(await rolesAfter(users, seedsOf({ ...settings, administrator }))).toEqual({});
});
