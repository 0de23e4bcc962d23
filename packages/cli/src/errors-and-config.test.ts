import path from "node:path";
import { errorTable } from "@plinth/module";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";

describe("errors", () => {
  test("lists every error of the table, outside of any platform", async () => {
    const { code, stdout, stderr } = await platformctl(["errors"], { cwd: folderWith({}) });
    expect([code, stderr]).toEqual([0, ""]);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(Object.keys(errorTable));
  });

  test("explains one, in lines that fit", async () => {
    const { code, stdout } = await platformctl(["errors", "command_folder_missing"]);
    expect(code).toBe(0);
    expect(stdout).toBe(`COMMAND_FOLDER_MISSING (command)
there is no folder "{folder}".

Why
  With -C DIR the command behaves as if it had been called in that folder, so the folder must be
  there.

What to do
  Name an existing folder with -C DIR.
`);
  });

  test("--json has the texts", async () => {
    const { stdout } = await platformctl(["errors", "COMMAND_USAGE", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      errors: [{ code: "COMMAND_USAGE", area: "command", ...errorTable.COMMAND_USAGE }],
    });
    const all = JSON.parse((await platformctl(["errors", "--json"])).stdout).errors;
    expect(all).toHaveLength(Object.keys(errorTable).length);
  });

  test("suggests the nearest code", async () => {
    expect(await platformctl(["errors", "COMMAND_USGE"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        '  COMMAND_ERROR_UNKNOWN: there is no error with the code "COMMAND_USGE"\n' +
        "  fix: Run platformctl errors COMMAND_USAGE, or platformctl errors to see all codes.\n",
    });
  });

  test("as a process", async () => {
    const outcome = await spawnPlatformctl(["errors", "COMMAND_USAGE"], { env: { FORCE_COLOR: "1" } }).ended;
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/^COMMAND_USAGE \(command\)\n/);
  });
});

describe("config", () => {
  const desk = {
    "platform.yaml":
      "name: desk\nmodules: [modules/*]\ntickets:\n  pageSize: 5\n  token: hush\n  mail: smtp://me:hush@host\n",
    "modules/tickets/module.yaml": `name: tickets
version: 1.0.0
config:
  properties:
    pageSize: { type: integer, default: 20 }
    greeting: { type: string, default: Hello }
    token: { type: string, writeOnly: true }
    mail: { type: string }
    labels: { type: array, items: { type: string }, default: [] }
`,
  };

  test("shows what holds and where it comes from", async () => {
    const root = folderWith(desk);
    const { code, stdout, stderr } = await platformctl(["config", "tickets", "--set", 'tickets.labels=["a"]'], {
      cwd: path.join(root, "modules"),
      env: { PLATFORM_TICKETS__GREETING: "Hi" },
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`SETTING           VALUE                 SOURCE
tickets.pageSize  5                     ../platform.yaml:4:13
tickets.token     "***"                 ../platform.yaml:5:10
tickets.mail      "smtp://me:***@host"  ../platform.yaml:6:9
tickets.greeting  "Hi"                  variable PLATFORM_TICKETS__GREETING
tickets.labels    ["a"]                 --set tickets.labels
`);
  });

  test("--json has the origins", async () => {
    const root = folderWith(desk);
    const { stdout } = await platformctl(["config", "--json", "-C", root], { env: { PLATFORM_HTTP__PORT: "8081" } });
    const entries = JSON.parse(stdout).settings;
    const one = (setting: string) => entries.find((entry: { readonly setting: string }) => entry.setting === setting);
    expect(one("http.port")).toEqual({
      setting: "http.port",
      value: 8081,
      origin: { kind: "environment", variable: "PLATFORM_HTTP__PORT" },
    });
    expect(one("name")).toEqual({
      setting: "name",
      value: "desk",
      origin: { kind: "file", at: { file: path.join(root, "platform.yaml"), line: 1, column: 7 } },
    });
    expect(one("log.level")).toMatchObject({ value: "info", origin: { kind: "default" } });
    expect(stdout).not.toContain("hush");
  });

  test("a setting with a typo gets the nearest one", async () => {
    expect(await platformctl(["config", "http.prot", "-C", folderWith(desk)])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("fix: Write http.port instead"),
    });
  });

  test("shows what it can where settings are wrong", async () => {
    const { code, stdout, stderr } = await platformctl([
      "config",
      "tickets",
      "-C",
      folderWith(desk),
      "--set",
      "log.level=loud",
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("tickets.greeting");
    expect(stderr).toBe("1 problem; platformctl modules validate shows what is wrong\n");
  });

  test("as a process", async () => {
    const { ended } = spawnPlatformctl(["config", "tickets.pageSize", "--json", "-C", folderWith(desk)]);
    const { code, stdout } = await ended;
    expect([code, JSON.parse(stdout).settings[0].value]).toEqual([0, 5]);
  });
});
