import { expect, test } from "vitest";
import { settle, shown } from "./platform.fixture.ts";

const http = {
  properties: {
    port: { type: "integer", default: 8080 },
    host: { type: "string" },
    label: { type: ["string", "null"] },
    either: { type: ["string", "integer"] },
    any: {},
    verbose: { type: "boolean" },
    origins: { type: "array", items: { type: "string" } },
    tls: { properties: { cert: { type: "string" } } },
    headers: { type: "object", additionalProperties: { type: "string" } },
  },
};

test("an unknown variable is named, with the nearest one", async () => {
  const settings = await settle(
    "",
    { http, "my-module": { properties: { pageSize: { type: "integer" } } } },
    {
      env: {
        PLATFORM_HTTP__PROT: "1",
        PLATFORM_HTTP_PORT: "1",
        PLATFORM_HTP__PORT: "1",
        PLATFORM_HTTP__TLS_CERT: "x",
        PLATFORM_MY_MODULE__PAGESIZES: "1",
        PLATFORM_LOGS__LEVEL: "info",
        PLATFORM_LOG__LEVELS: "info",
        PLATFORM_ZZZZZZZZ: "1",
      },
    },
  );
  expect(shown(settings)).toEqual([
    `  SETTINGS_UNKNOWN: "log.levels" (variable PLATFORM_LOG__LEVELS) is no setting of the platform
  fix: Write PLATFORM_LOG__LEVEL instead.`,
    `  SETTINGS_UNKNOWN_MODULE: "HTTP_PORT" (variable PLATFORM_HTTP_PORT) is neither a module nor a setting of the platform
  fix: Write PLATFORM_HTTP__PORT instead.`,
    `  SETTINGS_UNKNOWN_MODULE: "ZZZZZZZZ" (variable PLATFORM_ZZZZZZZZ) is neither a module nor a setting of the platform
  fix: Remove it, or add the module to the platform.`,
    `  SETTINGS_UNKNOWN_MODULE: "HTP" (variable PLATFORM_HTP__PORT) is neither a module nor a setting of the platform
  fix: Write PLATFORM_HTTP__PORT instead.`,
    `  SETTINGS_UNKNOWN_MODULE: "LOGS" (variable PLATFORM_LOGS__LEVEL) is neither a module nor a setting of the platform
  fix: Write PLATFORM_LOG__LEVEL instead.`,
    `  SETTINGS_UNKNOWN: "http.prot" (variable PLATFORM_HTTP__PROT) is no setting of module "http"
  fix: Write PLATFORM_HTTP__PORT instead.`,
    `  SETTINGS_UNKNOWN: "http.tlsCert" (variable PLATFORM_HTTP__TLS_CERT) is no setting of module "http"
  fix: Write PLATFORM_HTTP__TLS__CERT instead.`,
    `  SETTINGS_UNKNOWN: "my-module.pagesizes" (variable PLATFORM_MY_MODULE__PAGESIZES) is no setting of module "my-module"
  fix: Write PLATFORM_MY_MODULE__PAGE_SIZE instead.`,
  ]);
  expect(settings.unknownModules).toEqual(["HTTP_PORT", "ZZZZZZZZ", "HTP", "LOGS"]);
});

test("an unknown flag is named, with the nearest one", async () => {
  const settings = await settle(
    "",
    { http },
    {
      set: [
        "http.prot=1",
        "htp.port=1",
        "stop.timeouts=1s",
        "http.port.deep=1",
        "http.__proto__.x=1",
        "http.headers.constructor=1",
      ],
    },
  );
  expect(shown(settings)).toEqual([
    `  SETTINGS_UNKNOWN: "stop.timeouts" (--set stop.timeouts) is no setting of the platform
  fix: Write --set stop.timeout=... instead.`,
    `  SETTINGS_UNKNOWN_MODULE: "htp" (--set htp.port) is neither a module nor a setting of the platform
  fix: Write --set http.port=... instead.`,
    `  SETTINGS_UNKNOWN: "http.prot" (--set http.prot) is no setting of module "http"
  fix: Write --set http.port=... instead.`,
    `  SETTINGS_UNKNOWN: "http.port.deep" (--set http.port.deep) is no setting of module "http"
  fix: Remove it: http.port has no settings.`,
    `  SETTINGS_UNKNOWN: "http.__proto__" (--set http.__proto__.x) is no setting of module "http"
  fix: Remove it: http has port, host, label, either, any, verbose, origins, tls, headers.`,
    `  SETTINGS_UNKNOWN: "http.headers.constructor" (--set http.headers.constructor) is no setting of module "http"
  fix: Remove it: http.headers has no settings.`,
  ]);
});

test("a wrong value names the variable or the flag it came from", async () => {
  const settings = await settle(
    "http: { host: a }",
    { http },
    {
      env: { PLATFORM_HTTP__PORT: "many", PLATFORM_HTTP__VERBOSE: "", PLATFORM_STOP__TIMEOUT: "30" },
      set: ["http.origins=a,b"],
    },
  );
  expect(shown(settings)).toEqual([
    `  SETTINGS_INVALID: the setting "stop.timeout" is "30" (variable PLATFORM_STOP__TIMEOUT), but must be a duration such as 500ms, 30s or 2m
  fix: Change the variable PLATFORM_STOP__TIMEOUT to a duration such as 500ms, 30s or 2m, for example 30s.`,
    `  SETTINGS_INVALID: the setting "http.port" is "many" (variable PLATFORM_HTTP__PORT), but must be a whole number
  fix: Change the variable PLATFORM_HTTP__PORT to a whole number, for example 8080.`,
    `  SETTINGS_INVALID: the setting "http.verbose" is "" (variable PLATFORM_HTTP__VERBOSE), but must be true or false
  fix: Change the variable PLATFORM_HTTP__VERBOSE to true or false.`,
    `  SETTINGS_INVALID: the setting "http.origins" is "a,b" (--set http.origins), but must be a list in which each item is a text
  fix: Change --set http.origins to a list in which each item is a text.`,
  ]);
  expect(settings.platform.stop.timeout).toBe(30_000);
});

test.each<[assignment: string, value: unknown]>([
  ["http.port=8081", { port: 8081 }],
  ["http.port= 8081 ", { port: 8081 }],
  ["http.host=8080", { host: "8080" }],
  ["http.host=true", { host: "true" }],
  ["http.host=a=b", { host: "a=b" }],
  ['http.host="quoted"', { host: '"quoted"' }],
  ["http.host=", { host: "" }],
  ["http.label=null", { label: null }],
  ["http.label=8080", { label: "8080" }],
  ["http.either=8080", { either: 8080 }],
  ["http.either=x", { either: "x" }],
  ["http.any=1.5e3", { any: 1500 }],
  ["http.any=0x10", { any: "0x10" }],
  ["http.any='8080'", { any: "8080" }],
  ['http.any={"a": [1, null]}', { any: { a: [1, null] } }],
  ["http.verbose=true", { verbose: true }],
  ["http.origins=[a, b]", { origins: ["a", "b"] }],
  ['http={"port": 1, "host": "x"}', { port: 1, host: "x" }],
  ["http.headers.X-Id=1", { headers: { "X-Id": "1" } }],
])("--set %s is typed by the schema", async (assignment, value) => {
  const settings = await settle("", { http }, { set: [assignment] });
  expect(shown(settings)).toEqual([]);
  const expected = { port: 8080, ...(value as object) };
  expect(settings.forModule("http")).toEqual(expected);
});

test("a later --set wins, and a variable deeper in wins over one for the section", async () => {
  const settings = await settle(
    "",
    { http },
    {
      env: { PLATFORM_HTTP__PORT: "2", PLATFORM_HTTP: "{ port: 1, host: a }" },
      set: ["http.host=b", "http.host=c"],
    },
  );
  expect(settings.forModule("http")).toEqual({ port: 2, host: "c" });
});

test("a variable for a key that no schema names takes the spelling given in platform.yaml, else camel case", async () => {
  const settings = await settle(
    "http: { headers: { X-Request-Id: a } }",
    { http },
    {
      env: { PLATFORM_HTTP__HEADERS__X_REQUEST_ID: "b", PLATFORM_HTTP__HEADERS__MAX_AGE: "1" },
    },
  );
  expect(settings.forModule("http").headers).toEqual({ "X-Request-Id": "b", maxAge: "1" });
});

test("a value that begins like YAML and is not is refused, without showing it", async () => {
  const settings = await settle(
    "",
    { http },
    {
      env: { PLATFORM_HTTP__ORIGINS: "[secret" },
      set: ["http.any=*alias", "http.tls={cert: &a x}", "http.any={__proto__: 1}"],
    },
  );
  expect(shown(settings).map((text) => text.split("\n")[0])).toEqual([
    expect.stringContaining(
      'SETTINGS_VALUE: the value of the variable PLATFORM_HTTP__ORIGINS for the setting "http.origins" cannot be read: ',
    ),
    expect.stringContaining('SETTINGS_VALUE: the value of --set http.tls for the setting "http.tls" cannot be read: '),
    expect.stringContaining('SETTINGS_VALUE: the value of --set http.any for the setting "http.any" cannot be read: '),
  ]);
  expect(settings.forModule("http")).toMatchObject({ any: "*alias" });
});

test("flags that are no assignments are refused, showing no more than the path", async () => {
  const settings = await settle("", {}, { set: ["http.password:hunter2", "=1", "http..port=1", ""] });
  expect(shown(settings)).toEqual([
    `  SETTINGS_ASSIGNMENT: --set http.password is no assignment: it has no equals sign
  fix: Write the path of a setting, an equals sign and the value: --set http.port=8080.`,
    `  SETTINGS_ASSIGNMENT: --set "" is no assignment: a part of its path is empty
  fix: Write the path of a setting, an equals sign and the value: --set http.port=8080.`,
    `  SETTINGS_ASSIGNMENT: --set http..port is no assignment: a part of its path is empty
  fix: Write the path of a setting, an equals sign and the value: --set http.port=8080.`,
    `  SETTINGS_ASSIGNMENT: --set "" is no assignment: it has no equals sign
  fix: Write the path of a setting, an equals sign and the value: --set http.port=8080.`,
  ]);
});

test("two variables for one setting are refused unless they agree", async () => {
  const env = { PLATFORM_HTTP__PORT: "1", platform_http__port: "2" };
  expect(shown(await settle("", { http }, { env }))).toEqual([
    `  SETTINGS_VARIABLE_TWICE: the variables PLATFORM_HTTP__PORT and platform_http__port both set "http.port"
  fix: Remove one of them.`,
  ]);
  expect(shown(await settle("", { http }, { env: { ...env, platform_http__port: "1" } }))).toEqual([]);
});

test("a variable that could mean two settings is refused", async () => {
  const twins = { properties: { pageSize: { type: "integer" }, "page-size": { type: "integer" } } };
  expect(shown(await settle("", { twins }, { env: { PLATFORM_TWINS__PAGE_SIZE: "1" } }))).toEqual([
    `  SETTINGS_VARIABLE_AMBIGUOUS: the variable PLATFORM_TWINS__PAGE_SIZE could mean "twins.pageSize" and "twins.page-size"
  fix: Set it by --set or in platform.yaml, where the exact name counts, or rename one of the settings.`,
  ]);
});
