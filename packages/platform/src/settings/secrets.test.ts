import { expect, test } from "vitest";
import { listSettings } from "./list-settings.ts";
import { describeOrigin } from "./origin.ts";
import { settle, shown } from "./platform.fixture.ts";
import { maskUrls } from "./secrets.ts";

const mail = {
  properties: {
    url: { type: "string", pattern: "^smtps:" },
    password: { type: "string", writeOnly: true, minLength: 12 },
    pin: { type: "integer", format: "password" },
    keys: { type: "array", items: { type: "string", format: "password", maxLength: 3 } },
    login: { properties: { user: { type: "string" }, token: { $ref: "#/$defs/token" } } },
    old: { type: "string", default: "postgres://me:hunter2@db/app" },
  },
  $defs: { token: { type: "string", writeOnly: true } },
};

const leaked = /hunter2|4711/;

test("no message shows a secret, wherever it was put", async () => {
  const settings = await settle(
    "mail:\n  url: http://me:hunter2@mail\n  password: hunter2\n  pin: '4711'\n  keys: [hunter2]\n  login: hunter2\n  pasword: hunter2\n",
    { mail },
    { env: { PLATFORM_HTTP__PASSWORD: "hunter2" }, set: ["mail.pin=[hunter2", "mail.login.tokn=hunter2"] },
  );
  const texts = shown(settings);
  expect(texts).toHaveLength(9);
  expect(texts.join("\n")).not.toMatch(leaked);
  expect(texts).toContain(`platform.yaml:2:8
  SETTINGS_INVALID: the setting "mail.url" is "http://me:***@mail", but must be a text that matches ^smtps:
  fix: Change mail.url in platform.yaml to a text that matches ^smtps:.`);
  expect(texts).toContain(`platform.yaml:3:13
  SETTINGS_INVALID: the setting "mail.password" is ***, but must be a text of at least 12 characters
  fix: Change mail.password in platform.yaml to a text of at least 12 characters.`);
  expect(texts).toContain(`platform.yaml:6:10
  SETTINGS_INVALID: the setting "mail.login" is ***, but must be a section with settings of its own
  fix: Change mail.login in platform.yaml to a section with settings of its own.`);
});

test("the list of settings masks secrets and tells where each value came from", async () => {
  const settings = await settle(
    "name: desk\nmail: { password: hunter2-hunter2, pin: 4711, login: { user: me }, url: 'smtps://me:hunter2@mail' }",
    { mail },
    { env: { PLATFORM_MAIL__LOGIN__TOKEN: "hunter2" }, set: ["mail.keys=[a, b]", "stop.timeout=1m"] },
  );
  expect(shown(settings)).toEqual([]);
  expect(listSettings(settings).map(({ setting, value, origin }) => [setting, value, describeOrigin(origin)])).toEqual([
    ["name", "desk", "platform.yaml"],
    ["modules", [], "the default"],
    ["stop.timeout", "60000ms", "--set stop.timeout"],
    ["log.level", "info", "the default"],
    ["log.format", "auto", "the default"],
    ["plugins.folder", "plugins", "the default"],
    ["plugins.trustedKeys", [], "the default"],
    ["plugins.signatures", "optional", "the default"],
    ["isolation.process", [], "the default"],
    ["isolation.inProcess", [], "the default"],
    ["restart.max", 5, "the default"],
    ["restart.window", "60000ms", "the default"],
    ["restart.backoff", "500ms", "the default"],
    ["restart.maxBackoff", "30000ms", "the default"],
    ["control", "on", "the default"],
    ["mail.password", "***", "platform.yaml"],
    ["mail.pin", "***", "platform.yaml"],
    ["mail.login.user", "me", "platform.yaml"],
    ["mail.login.token", "***", "the variable PLATFORM_MAIL__LOGIN__TOKEN"],
    ["mail.url", "smtps://me:***@mail", "platform.yaml"],
    ["mail.keys", ["***", "***"], "--set mail.keys"],
    ["mail.old", "postgres://me:***@db/app", "the default"],
  ]);
});

test.each([
  ["postgres://me:hunter2@db:5432/app?sslmode=require", "postgres://me:***@db:5432/app?sslmode=require"],
  ["postgres://me:p@ss:w/ord@db/app", "postgres://me:***@db/app"],
  ["postgres://:hunter2@db", "postgres://:***@db"],
  ["https://db/app?user=me&password=hunter2&x=1", "https://db/app?user=me&password=***&x=1"],
  [
    "see http://127.0.0.1:8080/readyz and write to me@example.org",
    "see http://127.0.0.1:8080/readyz and write to me@example.org",
  ],
  ["no URL: at all @ here", "no URL: at all @ here"],
])("of %j is shown %j", (text, expected) => {
  expect(maskUrls(text)).toBe(expected);
});
