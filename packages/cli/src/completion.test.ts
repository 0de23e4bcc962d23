import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { completionScripts } from "./completion/scripts.ts";

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\n",
  "modules/tickets/module.yaml": "name: tickets\nversion: 1.0.0\ndescription: Support tickets.\n",
  "modules/identity/module.yaml": "name: identity\nversion: 1.0.0\n",
};

async function completed(cwd: string, ...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await platformctl(["complete", "--", ...words], { cwd });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
}

describe("what a word can become", () => {
  test.each<[string[], string[]]>([
    [["mod"], ["modules"]],
    [["modules", "gr"], ["graph"]],
    [["modules", "graph", "--format", "s"], ["svg"]],
    [["modules", "graph", "--format=s"], ["--format=svg"]],
    [["modules", "graph", "--format", "=", "s"], ["svg"]],
    [
      ["modules", "graph", "--fo"],
      ["--format", "--focus"],
    ],
    [["modules", "graph", "--format", "svg", "--fo"], ["--focus"]],
    [["modules", "graph", "--focus", "ti"], ["tickets"]],
    [["modules", "show", "t"], ["tickets"]],
    [["modules", "why", "tickets", "id"], ["identity"]],
    [["modules", "why", "tickets", "identity", "t"], []],
    [["migrations", "new", "tick"], ["tickets"]],
    [["errors", "COMMAND_UNK"], ["COMMAND_UNKNOWN"]],
    [["config", "http.po"], ["http.port"]],
    [["completion", "p"], ["powershell"]],
    [["--root"], ["--root"]],
    [["nonsense", "x"], []],
    [["complet"], ["completion"]],
  ])("%j: %j", async (words, expected) => {
    expect(await completed(path.join(folderWith(desk), "modules"), ...words)).toEqual(expected);
  });

  test("an empty word can become every command", async () => {
    const commands = await completed(folderWith({}), "");
    expect(commands).toEqual(expect.arrayContaining(["modules", "start", "migrations", "doctor", "config", "errors"]));
    expect(commands).not.toContain("complete");
    expect(await platformctl(["complete", "--at", "1", "--", "modules"])).toMatchObject({
      stdout: expect.stringMatching(/^list\tShow the modules of a platform\.$/m),
    });
  });

  test("with -C it is about the platform there, and without any platform there is nothing", async () => {
    const root = folderWith(desk);
    const cwd = folderWith({});
    expect(await completed(cwd, "-C", root, "modules", "show", "t")).toEqual(["tickets"]);
    expect(await completed(cwd, "modules", "show", `--root=${root}`, "t")).toEqual(["tickets"]);
    expect(await completed(cwd, "modules", "show", "t")).toEqual([]);
  });
});

test.each(["bash", "zsh", "fish", "powershell"] as const)("completion %s prints its script", async (shell) => {
  expect(await platformctl(["completion", shell])).toEqual({ code: 0, stdout: completionScripts[shell], stderr: "" });
});

test("an unknown shell is refused", async () => {
  expect(await platformctl(["completion", "tcsh"])).toMatchObject({ code: 2, stdout: "" });
});

test("as a process", async () => {
  const { ended } = spawnPlatformctl(["complete", "--", "modules", "show", "t"], { cwd: folderWith(desk) });
  expect(await ended).toEqual({ code: 0, stdout: "tickets\tSupport tickets.\n", stderr: "" });
});

/** A folder with a command `platformctl` and a PATH that finds it and the right Node. */
function searchPath(): string {
  const folder = folderWith({});
  symlinkSync(fileURLToPath(new URL("../bin/platformctl.js", import.meta.url)), path.join(folder, "platformctl"));
  return [folder, path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
}

/** Runs a script in a shell; `undefined` where that shell is not installed. */
function inShell(shell: string, args: readonly string[], script: string): string | undefined {
  const env = { PATH: searchPath(), HOME: folderWith({}), TERM: "dumb" };
  const { error, stdout, stderr } = spawnSync(shell, [...args, script], {
    cwd: folderWith(desk),
    env,
    encoding: "utf8",
  });
  if (error !== undefined) return undefined;
  return stdout + stderr;
}

test.each<[string, string, string]>([
  ["modules show ti", "(platformctl modules show ti) 3", "tickets\n"],
  ["an empty word", "(platformctl modules show '') 3", "identity\n"],
  ["an option with =", "(platformctl modules graph --format = sv) 5", "svg\n"],
])("in a real bash: %s", (_, words, expected) => {
  const [, list, at] = /^(\(.*\)) (\d)$/.exec(words) ?? [];
  const script = `source <(platformctl completion bash)
    COMP_WORDS=${list}; COMP_CWORD=${at}; _platformctl; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p platformctl`;
  const printed = inShell("bash", ["--noprofile", "--norc", "-c"], script);
  expect(printed).toContain(expected);
  expect(printed).toMatch(/complete -o default -F _platformctl platformctl\n$/);
});

test("in a real fish, where there is one", ({ skip }) => {
  const printed = inShell(
    "fish",
    ["-N", "-c"],
    'platformctl completion fish | source; complete -C "platformctl modules show ti"',
  );
  if (printed === undefined) return skip("fish is not installed");
  expect(printed).toBe("tickets\tSupport tickets.\n");
});

test("zsh, where there is one, can read its script", ({ skip }) => {
  const script = "autoload -U compinit; compinit -u; source <(platformctl completion zsh); print $_comps[platformctl]";
  const printed = inShell("zsh", ["-f", "-c"], script);
  if (printed === undefined) return skip("zsh is not installed");
  expect(printed).toBe("_platformctl\n");
});
