import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl } from "./command-line.fixture.ts";

describe("help", () => {
  test.each([["--help"], ["-h"], ["help"]])("%s goes to the standard output and exits with 0", async (flag) => {
    const { code, stdout, stderr } = await platformctl([flag]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Usage: platformctl [options] [command]");
    expect(stdout).toContain("Exit codes:");
    expect(stdout).toContain("-C, --root <dir>");
  });

  test.each([["modules", "list"], ["modules", "validate"], ["start"]])(
    "%s %s teaches by examples, and says what its exit codes mean",
    async (...command) => {
      const { code, stdout } = await platformctl([...command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: platformctl ${command.join(" ")}`);
      expect(stdout).toContain("--set <path=value>");
      expect(stdout).toContain("-C, --root <dir>");
      expect(stdout).toMatch(/\nExamples:\n( {2}.*platformctl .*\n)+/);
      expect(stdout).toMatch(/\nExit codes:\n {2}0 /);
    },
  );

  test.each([[[]], [["modules"]]])("no command at all (%j) shows the help, but is a mistake", async (args) => {
    const { code, stdout, stderr } = await platformctl(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: platformctl");
  });
});

test("--version is the version of the package", async () => {
  expect(await platformctl(["--version"])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: "",
  });
});

test.each([
  [["modlues", "list"], 'COMMAND_UNKNOWN: there is no command "modlues"\n  fix: Write modules instead.'],
  [["modules", "lst"], 'COMMAND_UNKNOWN: there is no command "lst"\n  fix: Write list instead.'],
  [
    ["frobnicate"],
    'COMMAND_UNKNOWN: there is no command "frobnicate"\n  fix: Run platformctl --help to see what there is.',
  ],
  [["modules", "list", "--jsn"], "COMMAND_OPTION_UNKNOWN: there is no option --jsn\n  fix: Write --json instead."],
  [
    ["modules", "list", "--roat", "x"],
    "COMMAND_OPTION_UNKNOWN: there is no option --roat\n  fix: Write --root instead.",
  ],
  [
    ["modules", "list", "--zzzzzz"],
    "COMMAND_OPTION_UNKNOWN: there is no option --zzzzzz\n  fix: Run platformctl modules --help to see what there is.",
  ],
  [
    ["modules", "list", "more"],
    "COMMAND_USAGE: too many arguments for 'list'. Expected 0 arguments but got 1: more\n  fix: Run platformctl modules --help to see how the command is written.",
  ],
  [
    ["start", "--set"],
    "COMMAND_USAGE: option '--set <path=value>' argument missing\n  fix: Run platformctl --help to see how the command is written.",
  ],
])("%j is refused with code 2 and told how to write it", async (args, text) => {
  expect(await platformctl(args)).toEqual({ code: 2, stdout: "", stderr: `  ${text}\n` });
});

test("a folder that is not there, and one that is no platform, are mistakes of the command line", async () => {
  const cwd = folderWith({ "notes.txt": "" });
  expect(await platformctl(["modules", "list", "-C", "nowhere"], { cwd })).toEqual({
    code: 2,
    stdout: "",
    stderr: `  COMMAND_FOLDER_MISSING: there is no folder "${cwd}/nowhere"\n  fix: Name an existing folder with -C DIR.\n`,
  });
  expect(await platformctl(["modules", "validate", "--json"], { cwd })).toEqual({
    code: 2,
    stdout: "",
    stderr: `  SETTINGS_ROOT_MISSING: there is no platform.yaml in "${cwd}" or in any folder above it\n  fix: Run the command inside a platform, name its folder with -C DIR, or create platform.yaml there.\n`,
  });
});

describe("colour", () => {
  const plain = (text: string) => text === stripVTControlCharacters(text);

  test("is for terminals only", async () => {
    expect(plain((await platformctl(["--help"])).stdout)).toBe(true);
    expect(plain((await platformctl(["--help"], { terminal: true })).stdout)).toBe(false);
  });

  test("is turned off by NO_COLOR, and by a terminal that has none", async () => {
    expect(plain((await platformctl(["--help"], { terminal: true, env: { NO_COLOR: "1" } })).stdout)).toBe(true);
    expect(plain((await platformctl(["--help"], { terminal: true, env: { NO_COLOR: "" } })).stdout)).toBe(false);
    expect(plain((await platformctl(["--help"], { terminal: true, env: { TERM: "dumb" } })).stdout)).toBe(true);
  });
});
