import { type FollowedTicket, TicketFeed } from "@helpdesk/tickets";
import { createPlatform } from "@plinth/platform";
import { startPostgres } from "@plinth/testing/postgres";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { modules } from "./src/modules.gen.ts";

const postgres = await startPostgres();
const { url } = await postgres.createDatabase();
const platform = await createPlatform({
  modules,
  settings: { database: { url }, http: { port: 0, drainDelay: "0s" } },
});
beforeAll(async () => void (await platform.start()));
afterAll(async () => {
  await platform.stop();
  await postgres.stop();
});

/** A connection of somebody else's, whose transactions last as long as they like. */
async function connect(): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

async function open(client: pg.Client, reference: string): Promise<void> {
  const insert = "insert into tickets.tickets (reference, subject, body, customer_id) values ($1, 'Help', '', $2)";
  await client.query(insert, [reference, "0190a6a8-7f0e-7000-8000-000000000001"]);
}

/** Everything that the feed tells from a position on, read in pages of two. */
async function follow(position?: string): Promise<{ readonly references: string[]; readonly position: string }> {
  const feed = platform.service(TicketFeed);
  const references: string[] = [];
  for (let from = position; ; ) {
    const page: { readonly tickets: readonly FollowedTicket[]; readonly position: string } | undefined =
      await feed?.changedSince(from, 2);
    if (page === undefined) throw new Error("there is no feed");
    references.push(...page.tickets.map((ticket) => ticket.reference));
    if (page.tickets.length === 0) return { references, position: page.position };
    from = page.position;
  }
}

/** Follows until so many have been told; other tests on the same server have transactions under way too. */
async function followAll(count: number, position?: string) {
  const references: string[] = [];
  let from = position;
  await vi.waitFor(
    async () => {
      const more = await follow(from);
      references.push(...more.references);
      from = more.position;
      if (references.length < count) throw new Error(`only ${references.join(", ")}`);
    },
    { timeout: 20_000, interval: 50 },
  );
  return { references, position: from };
}

test("the feed tells each change once, in order, and leaves out none whose transaction ends late", async () => {
  await using slow = await connect();
  await using quick = await connect();
  for (const reference of ["A", "B", "C"]) await open(quick, reference);
  const first = await followAll(3);
  expect(first.references).toEqual(["A", "B", "C"]);
  expect(await follow(first.position)).toEqual({ references: [], position: first.position });

  await slow.query("begin");
  await open(slow, "SLOW");
  await quick.query("update tickets.tickets set state = 'answered' where reference = 'A'");
  const meanwhile = await follow(first.position);
  expect(meanwhile.references).toEqual([]);
  await slow.query("commit");
  const second = await followAll(2, meanwhile.position);
  expect(second.references).toEqual(["SLOW", "A"]);

  // A database that was restored from a copy counts transactions anew.
  expect((await followAll(4, "99999999999.1")).references).toEqual(["B", "C", "SLOW", "A"]);
});
