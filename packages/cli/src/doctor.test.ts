import { once } from "node:events";
import { utimesSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { newDatabaseFolder } from "@plinth/database";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";
import { answering } from "./control/running.fixture.ts";
import { checkClock } from "./doctor/check-clock.ts";
import { checkNode } from "./doctor/check-node.ts";

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\nhttp: { port: 0 }\n",
  "modules/tickets/module.yaml": "name: tickets\nversion: 1.0.0\nmigrations: ./migrations\n",
  "modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
};

test("a platform that could start is told so, and nothing is changed", async () => {
  const root = folderWith(desk);
  const { code, stdout, stderr } = await platformctl(["doctor"], { cwd: path.join(root, "modules") });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ["node", "ok"],
    ["settings", "ok"],
    ["modules", "ok"],
    ["plugins", "-"],
    ["database", "ok"],
    ["port", "ok"],
    ["clock", "ok"],
    [""],
    ["nothing is wrong"],
    [""],
  ]);
  expect(stdout).toContain(`PGlite will make ${root}/.data/database\n`);
});

test("each thing that is wrong comes with its mend", async () => {
  const root = folderWith({ ...desk, "modules/wrong/module.yaml": "name: wrong\nversion: 1\n" });
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stdout } = await platformctl([
    "doctor",
    "-C",
    root,
    "--set",
    `http.port=${port}`,
    "--set",
    "log.level=x",
  ]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^settings +problem +1 problem$/m);
  expect(stdout).toMatch(/^modules +problem +1 problem$/m);
  expect(stdout).toContain(`HTTP_PORT_BUSY: cannot listen on 127.0.0.1:${port}: another process does already\n  fix: `);
  expect(stdout.match(/^ {2}fix: ./gm)).toHaveLength(3);
  expect(stdout).toMatch(/\n3 problems\n$/);
});

describe("while the platform runs", () => {
  async function running(control: "on" | "off") {
    const root = folderWith({
      ...desk,
      "platform.yaml": `name: desk\nhttp: { port: ${await freePort()}, drainDelay: 0s }\ncontrol: ${control}\n`,
      "modules/lamp/module.yaml": "name: lamp\nversion: 1.0.0\n",
      "modules/lamp/src/index.ts": answering("light"),
    });
    await newDatabaseFolder(path.join(root, ".data/database"));
    const {
      process: started,
      stdout,
      ended,
    } = spawnPlatformctl(["start", "-C", root], {
      env: { PLATFORM_LOG__FORMAT: "json" },
    });
    await vi.waitFor(() => expect(stdout()).toContain("critical path"), { timeout: 30_000, interval: 50 });
    const { code, stdout: text } = await platformctl(["doctor", "--json", "-C", root]);
    const checks: readonly { readonly name: string; readonly status: string; readonly message: string }[] =
      JSON.parse(text).checks;
    started.kill("SIGTERM");
    await ended;
    const of = (name: string) => checks.find((check) => check.name === name);
    return { code, pid: started.pid, port: of("port"), database: of("database") };
  }

  test("its port and its database folder are its own", { timeout: 60_000 }, async () => {
    const { code, pid, port, database } = await running("on");
    expect(code).toBe(0);
    expect(port).toMatchObject({
      status: "ok",
      message: expect.stringContaining(`this platform, in process ${pid}, listens on 127.0.0.1:`),
    });
    expect(database).toMatchObject({ status: "ok", message: `PGlite is in use by this platform, in process ${pid}` });
  });

  test("without its control socket the port itself says who listens", { timeout: 60_000 }, async () => {
    const { code, port, database } = await running("off");
    expect(port).toMatchObject({
      status: "ok",
      message: expect.stringMatching(/^a platform of these modules listens on /),
    });
    expect([code, database?.status]).toEqual([1, "problem"]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("a database that does not answer is found", async () => {
  const url = "postgres://me:hush@127.0.0.1:1/desk";
  const set = ["--set", `database.url=${url}`, "--set", "database.connectTimeout=50ms"];
  const { code, stdout } = await platformctl(["doctor", "--json", "-C", folderWith(desk), ...set]);
  expect(code).toBe(1);
  const { ok, checks } = JSON.parse(stdout);
  expect(ok).toBe(false);
  expect(checks.find(({ name }: { readonly name: string }) => name === "database")).toEqual({
    name: "database",
    status: "problem",
    message: "cannot be used",
    problems: [
      { code: "DATABASE_UNREACHABLE", message: expect.any(String), fix: expect.any(String), at: expect.any(Array) },
    ],
  });
  expect(stdout).not.toContain("hush");
});

test("a file of the future speaks against the clock", async () => {
  const root = folderWith(desk);
  utimesSync(path.join(root, "platform.yaml"), new Date(), new Date(Date.now() + 3_600_000));
  const { code, stdout } = await platformctl(["doctor", "-C", root]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /COMMAND_CLOCK_WRONG: .* is \d+ s behind the time at which platform\.yaml was written\n {2}fix: /,
  );
});

test("clocks may be a little apart", () => {
  const server = (ahead: number) => ({ name: "the server", ahead, isNow: true });
  expect(checkClock([server(4_000)])).toMatchObject({ status: "ok", message: "agrees with the server" });
  expect(checkClock([server(10_000)])).toMatchObject({ status: "problem" });
  expect(checkClock([server(-10_000)]).problems[0]?.message).toContain("10 s ahead of the server");
  expect(checkClock([{ name: "a file", ahead: -99_000, isNow: false }])).toMatchObject({ status: "ok" });
});

test.each([
  ["22.19.0", "ok"],
  ["24.0.0", "ok"],
  ["22.18.9", "problem"],
  ["20.20.2", "problem"],
])("Node %s: %s", (version, status) => {
  expect(checkNode(version, ">=22.19").status).toBe(status);
});

test("as a process", async () => {
  const { code, stdout, stderr } = await spawnPlatformctl(["doctor", "--json", "-C", folderWith(desk)]).ended;
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).ok).toBe(true);
});
