import { describe, expect, it } from "vitest";
import { createConsulRegistry } from "./consul-registry.ts";

describe("options that cannot be", () => {
  it("are refused with everything that is wrong", () => {
    const options = {
      url: "redis://admin:secret@10.0.0.1",
      token: "a",
      tokenFile: "b",
      deregisterAfterMs: 30_000,
      waitMs: 700_000,
      maxWatches: 0,
      rate: { burst: 0, refillMs: 1 },
    };
    expect(() => createConsulRegistry(options)).toThrow(
      expect.objectContaining({
        code: "DISCOVERY_INVALID",
        message:
          'the registry cannot take this: "redis://***@10.0.0.1" is no http(s) URL; both token and tokenFile are given; ' +
          "deregisterAfterMs 30000 is under a minute; waitMs 700000 is not 10 to 600,000; " +
          "maxWatches 0 is not above 0; the rate allows no request",
      }),
    );
  });
});

it("making a registry asks nothing and needs no agent", async () => {
  const registry = createConsulRegistry({ url: "http://127.0.0.1:9" });
  expect(registry.health()).toEqual({ status: "pass", messages: [] });
  await registry[Symbol.asyncDispose]();
});
