import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { platformFolder, shownProblem, temporaryFolder } from "./platform.fixture.ts";
import { findPlatformRoot } from "./platform-root.ts";
import { readSettings } from "./read-settings.ts";

function told(text: string): string[] {
  const root = platformFolder(text);
  return readSettings({ root }).problems.map((problem) => shownProblem(problem, root));
}

test("an empty platform.yaml means the defaults", () => {
  const root = platformFolder("# nothing yet\n");
  expect(readSettings({ root }).platform.modules).toEqual([]);
  mkdirSync(path.join(root, "modules"));
  expect(readSettings({ root })).toMatchObject({
    platform: {
      name: path.basename(root),
      modules: ["modules/*"],
      stop: { timeout: 30_000 },
      log: { level: "info", format: "auto" },
    },
    problems: [],
    file: path.join(root, "platform.yaml"),
  });
});

test("the platform's own keys are read, and a key with nothing under it counts as left out", () => {
  const root = platformFolder("name: desk\nmodules: [modules/*, extra/audit]\nstop: { timeout: 1.5s }\nlog:\n");
  expect(readSettings({ root, set: ["log.format=json"], env: { platform_log__level: "debug" } })).toMatchObject({
    platform: {
      name: "desk",
      modules: ["modules/*", "extra/audit"],
      stop: { timeout: 1500 },
      log: { level: "debug", format: "json" },
    },
    problems: [],
  });
});

test("without a folder the program's values and the overrides count", () => {
  const { platform, file, problems } = readSettings({
    values: { name: "inline", log: { level: "warn" } },
    set: ["log.level=error"],
  });
  expect(problems).toEqual([]);
  expect(file).toBeUndefined();
  expect(platform).toMatchObject({ name: "inline", log: { level: "error" } });
  expect(readSettings({}).platform.name).toBe("platform");
  expect(readSettings({ values: { name: 3 } }).problems[0]?.message).toBe(
    'the setting "name" is 3 (given by the program), but must be a text that is not empty',
  );
});

test("wrong own keys are reported, and their defaults stand in", () => {
  const root = platformFolder("name: ''\nmodules: [a, 1]\nstop: { timeout: 3, timout: 3s }\nlog: [x]\n");
  const { platform, problems } = readSettings({ root });
  expect(problems.map((problem) => shownProblem(problem, root).split("\n").slice(0, 2).join(""))).toEqual([
    'platform.yaml:1:7  SETTINGS_INVALID: the setting "name" is "", but must be a text that is not empty',
    'platform.yaml:2:14  SETTINGS_INVALID: the setting "modules.1" is 1, but must be a text that is not empty',
    'platform.yaml:3:18  SETTINGS_INVALID: the setting "stop.timeout" is 3, but must be a duration such as 500ms, 30s or 2m',
    'platform.yaml:3:21  SETTINGS_UNKNOWN: "stop.timout" is no setting of the platform',
    'platform.yaml:4:6  SETTINGS_INVALID: the setting "log" is ["x"], but must be a section with settings of its own',
  ]);
  expect(platform).toMatchObject({
    name: path.basename(root),
    modules: [],
    stop: { timeout: 30_000 },
    log: { level: "info", format: "auto" },
  });
});

test.each([
  ["a list", "- a\n", "platform.yaml:1:1"],
  ["a text", "just text\n", "platform.yaml:1:1"],
  ["an open bracket", "modules: [a\nname: b\n", "platform.yaml:"],
  ["a duplicate key", "http: {}\nname: a\nhttp: {}\n", "platform.yaml:3:1"],
  ["an anchor", "http: &a {}\n", "platform.yaml:1:7"],
  ["an alias", "http: *a\n", "platform.yaml:1:7"],
  ["a tag", "http: !!js/function x\n", "platform.yaml:1:7"],
  ["a merge key", "http: { <<: {} }\n", "platform.yaml:1:9"],
  ["several documents", "name: a\n---\nname: b\n", "platform.yaml:2:1"],
  ["__proto__", "http: { __proto__: { a: 1 } }\n", "platform.yaml:1:9"],
  ["33 levels", `http: ${"[".repeat(33)}${"]".repeat(33)}\n`, "platform.yaml:1:38"],
  ["100,000 levels", `http: ${"[".repeat(30_000)}${"]".repeat(30_000)}\n`, "platform.yaml:1:"],
  ["over 64 KiB", `# ${"x".repeat(64 * 1024)}\n`, "platform.yaml"],
])("%s in platform.yaml is refused at its place", (_, text, place) => {
  const [first, ...others] = told(text);
  expect(first).toContain(place);
  expect(first).toContain("fix: ");
  expect(others).toEqual([]);
});

test("a platform.yaml that cannot be read is one problem", () => {
  const root = temporaryFolder();
  expect(readSettings({ root }).problems.map(({ message }) => message)).toEqual([
    expect.stringContaining("no such file"),
  ]);
  mkdirSync(path.join(root, "platform.yaml"));
  expect(readSettings({ root }).problems).toHaveLength(1);
});

test("the root is the nearest folder upwards with a platform.yaml", () => {
  const root = platformFolder("");
  const inner = path.join(root, "modules", "tickets", "src");
  mkdirSync(inner, { recursive: true });
  expect(findPlatformRoot(inner)).toBe(root);
  expect(findPlatformRoot(root)).toBe(root);
  mkdirSync(path.join(root, "modules", "platform.yaml"));
  expect(findPlatformRoot(inner)).toBe(root);
  writeFileSync(path.join(root, "modules", "tickets", "platform.yaml"), "");
  expect(findPlatformRoot(inner)).toBe(path.join(root, "modules", "tickets"));
});

test("outside of every platform the search says where it looked", () => {
  const folder = temporaryFolder();
  expect(() => findPlatformRoot(path.join(folder, "not", "there"))).toThrow(
    expect.objectContaining({
      code: "SETTINGS_ROOT_MISSING",
      message: `there is no platform.yaml in "${path.join(folder, "not", "there")}" or in any folder above it`,
      fix: "Run the command inside a platform, name its folder with -C DIR, or create platform.yaml there.",
    }),
  );
});
