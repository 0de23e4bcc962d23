import fc from "fast-check";
import { expect, it } from "vitest";
import type { ServiceInstance } from "../port/service-instance.ts";
import { instanceList, sameInstance } from "./instance-list.ts";

const instances = fc.uniqueArray(
  fc.record<ServiceInstance>({
    id: fc.stringMatching(/^[a-c]{1,2}$/),
    service: fc.constant("users"),
    endpoints: fc.array(
      fc.record({
        name: fc.constant("http"),
        protocol: fc.constant("http"),
        host: fc.constantFrom("a", "b"),
        port: fc.nat(3),
      }),
      { maxLength: 2 },
    ),
    state: fc.constantFrom("up", "down"),
    weight: fc.nat(2),
    tags: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
    metadata: fc.dictionary(fc.constantFrom("k", "l"), fc.constantFrom("1", "2"), { maxKeys: 2 }),
  }),
  { selector: ({ id }) => id, maxLength: 6 },
);

it("gives the identical list for the same instances in any order, and keeps those that did not change", () => {
  fc.assert(
    fc.property(instances, instances, (before, after) => {
      const first = instanceList(structuredClone(before));
      expect(instanceList(structuredClone(before).reverse(), first)).toBe(first);
      const second = instanceList(structuredClone(after), first);
      expect(second.map(({ id }) => id)).toEqual(after.map(({ id }) => id).sort());
      expect(structuredClone(second)).toEqual(structuredClone([...after]).sort((a, b) => (a.id < b.id ? -1 : 1)));
      for (const instance of second) {
        const known = first.find(({ id }) => id === instance.id);
        if (known !== undefined) expect(known === instance).toBe(sameInstance(known, instance));
      }
    }),
  );
});

it("tells a change in every part", () => {
  const base: ServiceInstance = {
    id: "a",
    service: "users",
    version: "1.0.0",
    endpoints: [{ name: "http", protocol: "http", host: "h", port: 1 }],
    state: "up",
    weight: 1,
    locality: { region: "r", zone: "z", node: "n", hintZones: ["z"] },
    tags: ["t"],
    metadata: { k: "v" },
  };
  expect(sameInstance(base, structuredClone(base))).toBe(true);
  const { locality: _locality, ...nowhere } = base;
  const others: ServiceInstance[] = [
    nowhere,
    { ...base, version: "1.0.1" },
    { ...base, endpoints: [] },
    { ...base, endpoints: [{ name: "http", protocol: "http", host: "h", port: 2 }] },
    { ...base, state: "warning" },
    { ...base, weight: 2 },
    { ...base, locality: { ...base.locality, zone: "y" } },
    { ...base, locality: { ...base.locality, hintZones: ["y"] } },
    { ...base, tags: [] },
    { ...base, metadata: { l: "v" } },
  ];
  for (const other of others) expect(sameInstance(base, other)).toBe(false);
});
