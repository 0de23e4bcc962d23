import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EndpointSlice } from "../api/objects.ts";
import { type EndpointGiven, eventually, removeSlice, slice } from "../cluster.fixture.ts";
import { copiesOf, type EndpointCopy } from "./endpoint-copy.ts";
import { startFollowing } from "./following.fixture.ts";
import { joinSlices } from "./join-slices.ts";

/** The seed of this run: give it in PLINTH_SEED to see the same cases again. */
const seed = Number(process.env.PLINTH_SEED ?? Math.floor(Math.random() * 2 ** 31));

function publishFigures(campaign: string, cases: number): void {
  console.info(`${campaign}: ${cases} cases, seed ${seed}`);
}

type Cluster = Map<string, readonly EndpointGiven[]>;

/** What the instances must be, told another way: rows of all slices, grouped, the best row of each group. */
function reference(cluster: Cluster): readonly string[] {
  const rows = [...cluster]
    .sort(([one], [two]) => (one < two ? -1 : 1))
    .flatMap(([, endpoints]) => endpoints)
    .map(({ ip, uid, ready, serving, terminating }) => {
      const state = terminating ? (serving === false ? "down" : "draining") : ready === false ? "down" : "up";
      return { key: uid ?? `${ip}:8080`, ip, state };
    });
  const best = new Map<string, string>();
  for (const wanted of ["up", "draining", "down"]) {
    for (const { key, ip, state } of rows) if (state === wanted && !best.has(key)) best.set(key, `${ip} ${state}`);
  }
  return [...best].map(([key, value]) => `${key} ${value}`).sort();
}

function shown(instances: ReturnType<typeof joinSlices>, uids: ReadonlyMap<string, string>): readonly string[] {
  return instances
    .map(({ id, state, endpoints }) => {
      const host = endpoints[0]?.host as string;
      return `${uids.get(id) ?? id} ${host} ${state}`;
    })
    .sort();
}

const uidPool = ["a", "b", "c", "d", "e", "f"];
const condition = fc.constantFrom(true, false, undefined);
const endpoint: fc.Arbitrary<EndpointGiven> = fc
  .record({
    number: fc.nat(5),
    hasUid: fc.boolean(),
    ready: condition,
    serving: condition,
    terminating: condition,
    moved: fc.boolean(),
  })
  .map(({ number, hasUid, moved, ...conditions }) => ({
    // The same pod may be seen with its old and its new address for a moment.
    ip: `10.1.${moved ? 1 : 0}.${number + 1}`,
    ...(hasUid ? { uid: uidPool[number] as string } : {}),
    ...(JSON.parse(JSON.stringify(conditions)) as object),
  }));
const sliceName = fc.constantFrom("users-a", "users-b", "users-c", "users-d");
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("put" as const),
      name: sliceName,
      endpoints: fc.array(endpoint, { maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("delete" as const), name: sliceName }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom("cut" as const, "forget" as const, "bookmark" as const) }),
  },
);
const uidsById = new Map(
  uidPool.map((uid) => [
    copiesOf(slice("x", [{ ip: "10.0.0.1", uid }]) as unknown as EndpointSlice)[0]?.instance.id ?? "",
    uid,
  ]),
);

describe("random histories of slices", () => {
  it("joined, always equal the reference model", () => {
    const numRuns = 3_000;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cluster: Cluster = new Map();
        const known = new Map<string, readonly EndpointCopy[]>();
        for (const one of steps) {
          if (one.type === "put") {
            cluster.set(one.name, one.endpoints);
            known.set(one.name, copiesOf(slice(one.name, one.endpoints) as unknown as EndpointSlice));
          } else if (one.type === "delete") {
            cluster.delete(one.name);
            known.delete(one.name);
          }
          const ordered = [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, copies]) => copies);
          expect(shown(joinSlices(ordered), uidsById)).toEqual(reference(cluster));
        }
      }),
      { numRuns, seed },
    );
    publishFigures("joined histories", numRuns);
  });

  it("watched over the network, with cut connections and forgotten versions, end in the reference model", async () => {
    const numRuns = 60;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await using f = await startFollowing();
        await f.watching();
        const cluster: Cluster = new Map();
        for (const one of steps) {
          if (one.type === "put") {
            cluster.set(one.name, one.endpoints);
            f.api.put(slice(one.name, one.endpoints));
          } else if (one.type === "delete") {
            if (cluster.delete(one.name)) removeSlice(f.api, one.name);
          } else if (one.type === "cut") {
            await f.watching();
            f.api.watches[0]?.reset();
          } else if (one.type === "forget") {
            f.api.advance(f.api.revision + 1);
            f.api.compact();
          } else f.api.bookmark();
        }
        f.api.put(slice("users-z", [{ ip: "10.9.9.9", uid: "last" }]));
        cluster.set("users-z", [{ ip: "10.9.9.9", uid: "last" }]);
        await f.pass(40_000, 10_000);
        await eventually("the last state is right", () => {
          const last = f.published.at(-1)?.instances ?? [];
          const here = shown(
            last.filter(({ metadata }) => metadata.pod !== "pod-last"),
            uidsById,
          );
          cluster.delete("users-z");
          return last.length === here.length + 1 && JSON.stringify(here) === JSON.stringify(reference(cluster));
        });
        for (const { ids } of f.published) expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns, seed },
    );
    publishFigures("watched histories", numRuns);
  });

  it("of endpoints that move between slices never lose one and never show one twice", async () => {
    const numRuns = 60;
    const places = ["users-a", "users-b", "users-c"] as const;
    const move = fc.record({ uid: fc.constantFrom(...uidPool), to: fc.nat(2), addFirst: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 12 }), async (moves) => {
        const where = new Map(uidPool.map((uid, index) => [uid, index % 3]));
        const write = (place: number, uids: readonly string[]) =>
          slice(
            places[place] as string,
            uids.map((uid) => ({ ip: `10.1.0.${uidPool.indexOf(uid) + 1}`, uid })),
          );
        const inPlace = (place: number) => uidPool.filter((uid) => where.get(uid) === place);
        await using f = await startFollowing({
          before(api) {
            for (const place of places.keys()) api.put(write(place, inPlace(place)));
          },
        });
        await f.watching();
        for (const { uid, to, addFirst } of moves) {
          const from = where.get(uid) as number;
          if (from === to) continue;
          const left = inPlace(from).filter((one) => one !== uid);
          const grown = [...inPlace(to), uid];
          if (addFirst) f.api.put(write(to, grown));
          f.api.put(write(from, left));
          // Sometimes the two events come apart.
          await new Promise((done) => setImmediate(done));
          if (!addFirst) f.api.put(write(to, grown));
          where.set(uid, to);
        }
        f.api.put(slice("users-z", [{ ip: "10.9.9.9", uid: "last" }]));
        await eventually("the last event came", () => f.ids?.length === uidPool.length + 1);
        for (const { ids } of f.published) {
          expect(ids.filter((id) => !id.startsWith("pod-last"))).toHaveLength(uidPool.length);
          expect(new Set(ids).size).toBe(ids.length);
        }
      }),
      { numRuns, seed },
    );
    publishFigures("moves between slices", numRuns);
  });
});
