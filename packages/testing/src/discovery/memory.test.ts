import { createMemoryRegistry } from "@plinth/discovery";
import { describe, expect, it } from "vitest";
import { registryConformance } from "./conformance.ts";
import type { ConformanceAdapter } from "./conformance-adapter.ts";
import { memory, store } from "./memory.fixture.ts";
import { formatConformance, runConformance } from "./report.ts";

describe("the in-memory registry keeps the laws of the port", () => {
  for (const law of registryConformance(memory)) it.skipIf(law.skip !== undefined)(law.name, law.run);
});

describe("the conformance suite itself", () => {
  it("refuses a skip without a reason, an unknown law, and a missing ability that nobody explains", () => {
    const { wipe: _wipe, ...unable } = memory;
    expect(() => registryConformance({ ...memory, skip: { drain: " " } })).toThrow('skips "drain" without a reason');
    expect(() => registryConformance({ ...memory, skip: { nonsense: "x" } })).toThrow('"nonsense", which is no law');
    expect(() => registryConformance(unable)).toThrow("has no wipe()");
  });

  it("prints laws by adapters, with the reason of a skip and the error of a broken law", async () => {
    const forgetful: ConformanceAdapter = {
      ...memory,
      name: "forgetful",
      connect: async () => ({ ...createMemoryRegistry({ store }), services: async () => [] }),
      skip: Object.fromEntries(
        registryConformance(memory).flatMap(({ id }) =>
          id === "services-are-listed" ? [] : [[id, "not the point here"]],
        ),
      ),
      settleMs: 50,
    };
    const table = formatConformance([await runConformance(forgetful)]);
    expect(table).toContain("| the services that have instances are listed, sorted | NO |");
    expect(table).toContain("- forgetful, drain: not the point here");
    expect(table).toContain("services-are-listed: AssertionError");
  });
});
