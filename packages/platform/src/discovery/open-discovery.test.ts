import { expect, it } from "vitest";
import { testFolder } from "../folder.fixture.ts";
import { openDiscovery } from "./open-discovery.ts";

it("says that the registry of one process cannot be seen from another", async () => {
  await expect(openDiscovery({})).rejects.toMatchObject({ code: "DISCOVERY_NOT_SHARED" });
});

it("reads the settings of a platform whose modules are broken, and takes no offence at their settings", async () => {
  using folder = testFolder({
    "platform.yaml": "tickets: { pageSize: 5 }\ndiscovery: { driver: consul, consul: { datacenter: dc7 } }\n",
    "modules/tickets/module.yaml": "name: [\n",
  });
  const { settings, registry } = await openDiscovery({ root: folder.root, set: ["discovery.zone=a"] });
  expect(settings).toMatchObject({ driver: "consul", zone: "a", consul: { datacenter: "dc7" } });
  await registry[Symbol.asyncDispose]();
});

it("refuses settings that are wrong, with their places", async () => {
  using folder = testFolder({ "platform.yaml": "discovery:\n  driver: consul\n  consul: { ttl: 15 }\n" });
  await expect(openDiscovery({ root: folder.root })).rejects.toMatchObject({
    errors: [{ code: "SETTINGS_INVALID", at: [{ line: 3, column: 18 }] }],
  });
});

it("refuses options that contradict each other, in the driver's words", async () => {
  const set = ["discovery.driver=consul", "discovery.consul.token=a", "discovery.consul.tokenFile=b"];
  await expect(openDiscovery({ set })).rejects.toMatchObject({
    code: "DISCOVERY_INVALID",
    message: expect.stringContaining("both token and tokenFile are given"),
  });
});
