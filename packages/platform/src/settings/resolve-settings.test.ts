import { expect, test } from "vitest";
import type { JsonSchema } from "./json-schema.ts";
import { platformFolder, settle, shown } from "./platform.fixture.ts";
import { readSettings } from "./read-settings.ts";
import { resolveSettings } from "./resolve-settings.ts";

const http = {
  properties: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "integer", minimum: 0, maximum: 65535, default: 8080 },
    drainDelay: { type: "string", format: "duration", default: "5s" },
    tls: { properties: { cert: { type: "string" }, minVersion: { enum: ["1.2", "1.3"], default: "1.3" } } },
    origins: { type: "array", items: { type: "string" }, default: [] },
  },
};

test("a module's settings are its defaults, then platform.yaml, then variables, then --set", async () => {
  const settings = await settle(
    "http: { host: a, port: 1, drainDelay: 1s }\n",
    { http },
    {
      env: { PLATFORM_HTTP__PORT: "2", PLATFORM_HTTP__DRAIN_DELAY: "2s", PATH: "/bin" },
      set: ["http.drainDelay=3s"],
    },
  );
  expect(shown(settings)).toEqual([]);
  expect(settings.forModule("http")).toEqual({
    host: "a",
    port: 2,
    drainDelay: "3s",
    tls: { minVersion: "1.3" },
    origins: [],
  });
  const file = settings.sources.file;
  expect(settings.originOf("http.host")).toEqual({ kind: "file", at: { file, line: 1, column: 15 } });
  expect(settings.originOf("http.port")).toEqual({ kind: "environment", variable: "PLATFORM_HTTP__PORT" });
  expect(settings.originOf("http.drainDelay")).toEqual({ kind: "flag", flag: "--set http.drainDelay" });
  expect(settings.originOf("http.tls.minVersion")).toMatchObject({ kind: "default" });
});

test("settings are frozen, inside too", async () => {
  const settings = await settle("", { http });
  expect(Object.isFrozen(settings.forModule("http"))).toBe(true);
  expect(Object.isFrozen(settings.forModule("http").tls)).toBe(true);
});

test("a module without a config section has empty settings, and a key with nothing under it is one left out", async () => {
  const settings = await settle("audit:\nhttp:\n", { audit: undefined, http });
  expect(shown(settings)).toEqual([]);
  expect(settings.forModule("audit")).toEqual({});
  expect(settings.forModule("elsewhere")).toEqual({});
  expect(settings.forModule("http")).toMatchObject({ port: 8080 });
});

test("everything wrong is reported together, each at its place", async () => {
  const settings = await settle(
    [
      "htp: { port: 1 }",
      "http:",
      "  prot: 8080",
      "  port: 70000",
      "  drainDelay: 5",
      "  origins: [a, 3]",
      "log: { level: loud }",
    ].join("\n"),
    { http },
  );
  expect(shown(settings)).toEqual([
    `platform.yaml:7:15
  SETTINGS_INVALID: the setting "log.level" is "loud", but must be trace, debug, info, warn, error, fatal or silent
  fix: Change log.level in platform.yaml to trace, debug, info, warn, error, fatal or silent, for example info.`,
    `platform.yaml:1:1
  SETTINGS_UNKNOWN_MODULE: "htp" is neither a module nor a setting of the platform
  fix: Write "http" instead.`,
    `platform.yaml:3:3
  SETTINGS_UNKNOWN: "http.prot" is no setting of module "http"
  fix: Write "port" instead.`,
    `platform.yaml:4:9
  SETTINGS_INVALID: the setting "http.port" is 70000, but must be a whole number from 0 to 65535
  fix: Change http.port in platform.yaml to a whole number from 0 to 65535, for example 8080.`,
    `platform.yaml:5:15
  SETTINGS_INVALID: the setting "http.drainDelay" is 5, but must be a duration such as 500ms, 30s or 2m
  fix: Change http.drainDelay in platform.yaml to a duration such as 500ms, 30s or 2m, for example 5s.`,
    `platform.yaml:6:16
  SETTINGS_INVALID: the setting "http.origins.1" is 3, but must be a text
  fix: Change http.origins.1 in platform.yaml to a text.`,
  ]);
});

test("where it is not known which modules there are, no name is called unknown", async () => {
  for (const text of ["modules: [a\nticket: {}\n", "modules: 3\nticket: {}\n"]) {
    const settings = await settle(text, { http }, { env: { PLATFORM_TICKET__SIZE: "1" }, set: ["http.port=x"] });
    expect(settings.problems.map(({ code }) => code)).toEqual([
      text.includes("[") ? "MANIFEST_SYNTAX" : "SETTINGS_INVALID",
      "SETTINGS_INVALID",
    ]);
    expect(settings.platform.modules).toEqual([]);
  }
});

test("the settings of a module whose manifest was refused are neither checked nor unknown", async () => {
  const root = platformFolder("tickets: { any: 1 }\nticket: {}\n");
  const sources = readSettings({ root, env: { PLATFORM_TICKETS__SIZE: "1" } });
  const settings = await resolveSettings(sources, [], ["tickets"]);
  expect(shown(settings)).toEqual([
    `platform.yaml:2:1
  SETTINGS_UNKNOWN_MODULE: "ticket" is neither a module nor a setting of the platform
  fix: Write "tickets" instead.`,
  ]);
});

test("of two modules with one name the first counts", async () => {
  const module = (config: JsonSchema) => ({ name: "m", config, file: undefined });
  const first = module({ properties: { a: { default: 1 } } });
  const settings = await resolveSettings(readSettings({}), [first, module({ required: ["b"] })]);
  expect(settings.problems).toEqual([]);
  expect(settings.forModule("m")).toEqual({ a: 1 });
});
