import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packAll } from "./packed.fixture.ts";

let folder: string;
let desk: string;

/** The environment of somebody who has not got this repository's tools, and the Node.js that the system has. */
const env = {
  ...process.env,
  PATH: (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((each) => !each.includes("node_modules"))
    .join(path.delimiter),
  PLATFORM_HTTP__PORT: "0",
};

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** The two commands that the README of the new platform opens with. */
function commandsOfReadme(): readonly string[] {
  const [, block = ""] = /^# .*\n\n```sh\n([^`]*)```/.exec(readFileSync(path.join(desk, "README.md"), "utf8")) ?? [];
  return block.split("\n").flatMap((line) => line.split("#")[0]?.trim() || []);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plinth-new-platform-"));
  desk = path.join(folder, "desk");
  const archives = path.join(folder, "archives");
  mkdirSync(archives);
  const packed = packAll(archives);
  // What npm create does: the package is installed somewhere, and its command run in the current folder.
  const creator = path.join(folder, "creator");
  mkdirSync(creator);
  run(creator, "npm", "init", "--yes");
  run(creator, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", ...packed);
  const create = path.join(creator, "node_modules/.bin/create");
  run(folder, process.execPath, create, "desk", "--from", archives);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a new platform, made by the packed @plinth/create", () => {
  it("opens its README with two commands, of which the first installs what is needed and serves", async () => {
    expect(commandsOfReadme()).toEqual(["make run", "make test"]);
    await serving(desk, ["make", "run"], async (url) => {
      const headers = { authorization: "Bearer local", "content-type": "application/json" };
      const body = JSON.stringify({ text: "hello" });
      expect((await fetch(`${url}/notes`, { method: "POST", headers, body })).status).toBe(201);
      expect(await (await fetch(`${url}/notes`)).json()).toEqual({ items: [{ id: 1, author: "ada", text: "hello" }] });
      expect(await (await fetch(`${url}/team/me`, { headers })).json()).toEqual({ name: "ada", notes: 1 });
    });
  });

  it("passes its own tests by the second, on the Node.js that it brings along", () => {
    const output = run(desk, "make", "test");
    expect(output).toMatch(/Tests .*9 passed/);
    expect(run(desk, path.join(desk, "node_modules/.bin/node"), "--version")).toMatch(/^v24\./);
  });

  it.each(["lint", "types", "validate-modules", "test-modules", "graph", "generate"])("passes make %s", (target) => {
    run(desk, "make", target);
  });

  it("runs without what is only for development, as in its Dockerfile, and then nobody can sign in", async () => {
    const image = path.join(folder, "image");
    cpSync(desk, image, { recursive: true, filter: (file) => !/[/\\](?:node_modules|\.data)$/.test(file) });
    run(image, "npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error");
    await serving(image, [path.join(desk, "node_modules/.bin/node"), "src/main.ts"], async (url) => {
      expect(await (await fetch(`${url}/notes`)).json()).toEqual({ items: [] });
      const headers = { authorization: "Bearer local" };
      expect((await fetch(`${url}/team/me`, { headers })).status).toBe(401);
    });
  });

  it("takes a new module, and has the editor's schemas where its settings say", () => {
    const bin = (command: string, ...args: string[]) => run(desk, "npx", "--no-install", command, ...args);
    bin("platformctl", "modules", "new", "invoices", "--http", "--database", "--depends", "notes");
    expect(run(desk, "make", "lint", "types", "validate-modules")).toContain("no problems");
    expect(bin("vitest", "run", "modules/invoices")).toMatch(/Tests .*3 passed/);
    const settings = JSON.parse(readFileSync(path.join(desk, ".vscode/settings.json"), "utf8"));
    const schemas = Object.keys(settings["yaml.schemas"]);
    expect(schemas.filter((file) => !existsSync(path.join(desk, file)))).toEqual([]);
    expect(schemas).toHaveLength(2);
  });
});

/** Runs a command of the platform until it is ready, does something with it, and stops it as a terminal would. */
async function serving(cwd: string, [command = "", ...args]: readonly string[], work: (url: string) => Promise<void>) {
  const running = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [running.stdout, running.stderr]) {
    stream.on("data", (text) => {
      log += text;
    });
  }
  const ended = once(running, "close");
  try {
    const url = await until(running, () => /"url":"([^"]+)"/.exec(log)?.[1]);
    await until(running, async () => (await fetch(`${url}/readyz`)).ok || undefined);
    await work(url);
    process.kill(-(running.pid ?? 0), "SIGTERM");
    await ended;
    expect(log).toContain('"msg":"stopped"');
  } catch (error) {
    throw new Error(`${command} did not do what it should:\n${log}`, { cause: error });
  } finally {
    if (running.exitCode === null && running.signalCode === null) process.kill(-(running.pid ?? 0), "SIGKILL");
  }
}

/** Asks again and again until there is something, as long as the process runs. */
async function until<T>(child: ChildProcess, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
