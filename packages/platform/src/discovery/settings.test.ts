import { expect, it } from "vitest";
import { listSettings } from "../settings/list-settings.ts";
import { readSettings } from "../settings/read-settings.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { discoveryManifest } from "./capability.ts";
import { type DiscoverySettings, drainGraceMs } from "./settings.ts";

async function settle(values: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) {
  const { name, config } = discoveryManifest();
  const module = { name, config: config as Readonly<Record<string, unknown>>, file: undefined };
  const settings = await resolveSettings(readSettings({ values: { discovery: values }, env }), [module]);
  return { ...settings, own: settings.forModule("discovery") as unknown as DiscoverySettings };
}

it("by default everything stays inside the process, and no stop waits", async () => {
  const { own, problems } = await settle({});
  expect(problems).toEqual([]);
  expect(own).toMatchObject({ driver: "memory", weight: 1, healthInterval: "5s" });
  expect(drainGraceMs(own)).toBe(0);
});

it("callers elsewhere get five seconds to notice, or what the settings say", async () => {
  expect(drainGraceMs((await settle({ driver: "consul" })).own)).toBe(5_000);
  expect(drainGraceMs((await settle({ driver: "memory", drainGrace: "200ms" })).own)).toBe(200);
});

it("the token is never shown", async () => {
  const settings = await settle({ driver: "consul", consul: { token: "s3cret" } });
  expect(listSettings(settings).find(({ setting }) => setting === "discovery.consul.token")?.value).toBe("***");
  const wrong = await settle({ consul: { token: { s3cret: true } } });
  expect(wrong.problems).toHaveLength(1);
  expect(wrong.problems[0]?.message).toContain('the setting "discovery.consul.token" is ***');
});

it("variables reach into a driver's section", async () => {
  const { own } = await settle(
    {},
    {
      PLATFORM_DISCOVERY__DRIVER: "consul",
      PLATFORM_DISCOVERY__CONSUL__ADDRESS: "http://10.0.0.1:8500",
      PLATFORM_DISCOVERY__ADVERTISE__HOST: "desk-1",
      PLATFORM_DISCOVERY__KUBERNETES__MODE: "managed",
    },
  );
  expect(own).toMatchObject({
    driver: "consul",
    consul: { address: "http://10.0.0.1:8500", ttl: "15s" },
    advertise: { host: "desk-1" },
    kubernetes: { mode: "managed", lease: "30s" },
  });
});

it.each([
  [{ consul: { address: "consul:8500" } }, "discovery.consul.address"],
  [{ drainGrace: "soon" }, "discovery.drainGrace"],
  [{ advertise: { host: "[::1]" } }, "discovery.advertise.host"],
  [{ consul: { adress: "http://x" } }, "discovery.consul.adress"],
])("%j is refused", async (values, setting) => {
  const { problems } = await settle(values);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain(setting);
});
