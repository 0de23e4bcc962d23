import type { Logger } from "@plinth/module";
import type { Settings } from "./settings.ts";
import type { Registration, UserDirectory } from "./users.ts";

/** A user to be created at the start, and the role that the user is meant to have. */
export interface Seed extends Registration {
  readonly role: string;
}

/** The password of all demo users, which docs/tour.md shows. */
const demoPassword = "try-the-helpdesk";

const demoSeeds: readonly Seed[] = [
  { email: "demo@helpdesk.example", name: "Dora Demo", password: demoPassword, role: "customer" },
  { email: "agent@helpdesk.example", name: "Alan Agent", password: demoPassword, role: "agent" },
  { email: "admin@helpdesk.example", name: "Ada Admin", password: demoPassword, role: "admin" },
];

/** The users that the settings ask for. */
export function seedsOf({ seedDemoUsers, administrator }: Settings): readonly Seed[] {
  return [
    ...(seedDemoUsers ? demoSeeds : []),
    ...(administrator === undefined ? [] : [{ ...administrator, name: "Administrator", role: "admin" }]),
  ];
}

/**
 * Creates those that are not there yet. Somebody who registered with such an address keeps it, and is
 * given no role for it.
 */
export async function createSeeds(
  seeds: readonly Seed[],
  users: Pick<UserDirectory, "seeded" | "register">,
  log: Logger,
): Promise<void> {
  const there = new Map((await users.seeded()).map(({ user, role }) => [user.email, role]));
  for (const seed of seeds) {
    const email = seed.email.toLowerCase();
    if (there.has(email)) continue;
    const user = await users.register(seed, seed.role);
    if (user === undefined) log.warn({ email }, `${email} has registered before: not made ${seed.role}`);
    else log.info({ email, role: seed.role }, `created the user ${email}`);
  }
}
