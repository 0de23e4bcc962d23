import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTestPlatform } from "@plinth/testing";
import { startPostgres, type TestPostgres } from "@plinth/testing/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { Grants } from "./grants.ts";
import { firstPermissions, startTickets, type Ticketing, tickets } from "./tickets.fixture.ts";

const shut = "tickets.ticket.shut";
const close = "tickets.ticket.close";
const caseClose = "tickets.case.close";

let postgres: TestPostgres;
let database: { readonly url: string };

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  database = { url: (await postgres.createDatabase()).url };
});

/** What changes in the permissions of tickets in a release. */
const renamed = { ...firstPermissions, "ticket.shut": { replacedBy: "ticket.close" }, "ticket.close": "Close" };
const moved = { ...firstPermissions, "ticket.shut": { replacedBy: "case.close" }, "case.close": "Close" };

/** One version of the platform after another on the same database. */
async function release<T>(
  permissions: Readonly<Record<string, unknown>>,
  work: (platform: Ticketing) => Promise<T> | T,
  version = "1.0.0",
): Promise<T> {
  await using platform = await startTickets(database, { tickets: tickets(permissions, version) });
  return await work(platform);
}

async function define({ grants }: Ticketing, said: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [name, patterns] of Object.entries(said)) {
    const allow = patterns.flatMap((text) => (text.startsWith("+") ? [text.slice(1)] : []));
    const deny = patterns.flatMap((text) => (text.startsWith("-") ? [text.slice(1)] : []));
    await grants.defineRole({ name, description: "", allow, deny });
    await grants.assign(name, name);
  }
}

const storedOf = async ({ database }: Ticketing) =>
  (
    await database.query<{ role: string; said: string }>(
      `select role, case effect when 'allow' then '+' else '-' end || pattern as said from grants.role_grants order by 1, 2`,
    )
  ).rows.map(({ role, said }) => `${role} ${said}`);

describe("after a rename with replacedBy", () => {
  test("the same people may do the same, by the new code and by the old one", async () => {
    await release(firstPermissions, async (platform) => {
      await define(platform, { agent: [`+${shut}`], guest: [`-${shut}`, "+tickets.*"], boss: ["+tickets.ticket.*"] });
      expect(["agent", "guest", "boss"].map((who) => platform.may(who, shut))).toEqual([true, false, true]);
    });
    await release(moved, async (platform) => {
      for (const code of [shut, caseClose]) {
        expect(["agent", "guest", "boss"].map((who) => platform.may(who, code))).toEqual([true, false, true]);
      }
      expect(platform.may("boss", "tickets.ticket.merge")).toBe(true);
      expect(await storedOf(platform)).toEqual([
        `agent +${caseClose}`,
        `agent +${shut}`,
        `boss +${caseClose}`,
        "boss +tickets.ticket.*",
        "guest +tickets.*",
        `guest -${caseClose}`,
        `guest -${shut}`,
      ]);
      expect(platform.grants.role("agent")?.allow).toEqual([caseClose]);
    });
  });

  test("it is followed once: what is taken away afterwards stays away", async () => {
    await release(firstPermissions, (platform) =>
      define(platform, { agent: [`+${shut}`], boss: ["+tickets.ticket.*"] }),
    );
    await release(moved, async ({ grants, may }) => {
      await grants.revoke("agent", caseClose);
      await grants.revoke("boss", caseClose);
      expect([may("agent", caseClose), may("boss", caseClose)]).toEqual([false, false]);
    });
    await release(moved, ({ may }) => {
      expect([may("agent", caseClose), may("boss", caseClose), may("agent", shut)]).toEqual([false, false, false]);
    });
  });

  test("the version before, still running or rolled back to, finds its grants, but for those taken away since", async () => {
    await release(firstPermissions, (platform) => define(platform, { agent: [`+${shut}`], other: [`+${shut}`] }));
    await using before = await startTickets(database);
    await release(renamed, async ({ grants }) => {
      expect(before.may("agent", shut)).toBe(true);
      await grants.revoke("other", close);
    });
    await release(firstPermissions, ({ may }) =>
      expect([may("agent", shut), may("other", shut)]).toEqual([true, false]),
    );
    await release(renamed, ({ may }) => expect([may("agent", close), may("other", close)]).toEqual([true, false]));
  });

  test("several releases may be skipped, and a rename may be taken back", async () => {
    await release(firstPermissions, (platform) => define(platform, { agent: [`+${shut}`] }));
    const twice = { ...renamed, "ticket.close": { replacedBy: "ticket.finish" }, "ticket.finish": "Finish" };
    await release(twice, ({ may }) => expect(may("agent", "tickets.ticket.finish")).toBe(true));
    const back = { ...firstPermissions, "ticket.finish": { replacedBy: "ticket.shut" } };
    await release(back, async ({ grants, may }) => {
      expect(may("agent", shut)).toBe(true);
      await grants.defineRole({ name: "late", description: "", allow: [shut], deny: [] });
      await grants.assign("late", "late");
    });
    const again = { ...firstPermissions, "ticket.shut": { replacedBy: "ticket.finish" }, "ticket.finish": "Finish" };
    await release(again, ({ may }) => expect(may("late", "tickets.ticket.finish")).toBe(true));
  });

  test("a release that is taken back and made again loses nothing that was granted in between", async () => {
    await release(moved, () => {});
    await release(firstPermissions, (platform) => define(platform, { late: [`+${shut}`] }));
    await release(moved, async (platform) => {
      expect(platform.may("late", caseClose)).toBe(true);
      expect(await storedOf(platform)).toContain(`late +${caseClose}`);
    });
  });

  test("the old code works to the end of the major version that retired it, and its grants go with it", async () => {
    await release(firstPermissions, (platform) => define(platform, { agent: [`+${shut}`] }));
    const retiring = { ...renamed, "ticket.shut": { replacedBy: "ticket.close", retired: "1.4.0" } };
    await release(
      retiring,
      ({ may }) => expect([may("agent", shut), may("agent", close)]).toEqual([true, true]),
      "1.9.0",
    );
    await release(
      retiring,
      async (platform) => {
        expect([platform.may("agent", shut), platform.may("agent", close)]).toEqual([false, true]);
        expect(() => platform.permissions.require({ id: "agent" }, shut)).toThrow(
          `the permission "${shut}" was retired in 1.4.0 of module "tickets" and works no more: denied`,
        );
        expect(await storedOf(platform)).toEqual([`agent +${close}`]);
      },
      "2.0.0",
    );
  });

  test("an edit by the old name is one of the new code", async () => {
    await release(firstPermissions, (platform) => define(platform, { agent: [`+${shut}`] }));
    await release(renamed, async (platform) => {
      await platform.grants.deny("agent", shut);
      expect(await storedOf(platform)).toEqual([`agent -${close}`]);
      await platform.grants.revoke("agent", shut);
      expect(await storedOf(platform)).toEqual([]);
      await expect(platform.grants.deny("agent", "*.ticket.shut")).rejects.toMatchObject({
        code: "GRANT_PATTERN_UNKNOWN",
      });
    });
  });

  test("eight replicas that start at one time follow it once", async () => {
    await release(firstPermissions, (platform) => define(platform, { agent: [`+${shut}`] }));
    const start = () => startTickets(database, { tickets: tickets(renamed) });
    const replicas = await Promise.all(Array.from({ length: 8 }, start));
    expect(replicas.map(({ may }) => may("agent", close))).toEqual(Array.from({ length: 8 }, () => true));
    const followed = replicas.flatMap(({ platform }) =>
      platform.log.lines.filter(({ message }) => message === "the grants have followed the renamed permissions"),
    );
    expect(followed).toHaveLength(1);
    await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
  });
});

test("grants that another module's migrations write on a fresh database follow too, under old and new names", async () => {
  const root = mkdtempSync(path.join(tmpdir(), "plinth-grants-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const files = {
    "platform.yaml": "modules: [modules/*]\n",
    "modules/access/module.yaml": "name: access\nversion: 1.0.0\nmigrations: ./migrations\n",
    "modules/access/migrations/0001_roles.sql": `
      insert into grants.roles (name) values ('agent'), ('boss');
      insert into grants.role_grants values ('agent', '${shut}', 'allow'), ('boss', 'tickets.ticket.*', 'allow');
      insert into grants.assignments (principal, role) values ('ann', 'agent'), ('bob', 'boss');`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  await using running = await startTestPlatform({ root, modules: [tickets(moved)], settings: { database } });
  expect(running.service(Grants).permissionsOf("ann")).toEqual([caseClose]);
  expect(running.service(Grants).permissionsOf("bob")).toEqual([
    "tickets.ticket.read",
    "tickets.ticket.merge",
    caseClose,
  ]);
});
