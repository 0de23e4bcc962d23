import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeOwnMeta, encodeOwnMeta, foreignMeta, type OwnMeta } from "./service-meta.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,60}[a-z0-9]$/);
const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
const endpoint = fc.record(
  { name, protocol: fc.constantFrom("http", "https", "grpc", "tcp"), host, port: fc.integer({ min: 1, max: 65_535 }) },
  { requiredKeys: ["name", "protocol", "port"] },
);
const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const ownMeta = fc.record(
  {
    run: label,
    version: label,
    endpoints: fc.array(endpoint, { minLength: 1, maxLength: 16 }),
    locality: fc.record(
      { region: label, zone: label, node: label, hintZones: fc.array(label, { minLength: 1, maxLength: 4 }) },
      { requiredKeys: ["zone"] },
    ),
  },
  { requiredKeys: ["endpoints", "locality"] },
);

describe("what stands in a service's metadata", () => {
  it("is read as it was written, in 500 random cases with seed 1", () => {
    fc.assert(
      fc.property(ownMeta, (own) => {
        const meta = encodeOwnMeta(own as OwnMeta);
        expect(decodeOwnMeta(meta)).toEqual(own);
        for (const [key, value] of Object.entries(meta)) {
          expect(key).toMatch(/^plinth-[a-z0-9-]+$/);
          expect(value.length).toBeLessThanOrEqual(512);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("leaves an endpoint out that cannot be read", () => {
    const meta = { "plinth-endpoint-0": "http//nonsense", "plinth-endpoint-1": "rpc=grpc://:9090" };
    expect(decodeOwnMeta(meta).endpoints).toEqual([{ name: "rpc", protocol: "grpc", port: 9090 }]);
  });

  it("is kept apart from the instance's own", () => {
    expect(foreignMeta({ "plinth-run": "1", team: "x" })).toEqual({ team: "x" });
  });
});
