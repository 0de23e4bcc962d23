import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { json } from "node:stream/consumers";
import { defineModule, type Logger, silentLogger, systemClock } from "@plinth/module";
import { expect, onTestFinished, test } from "vitest";
import { createPlatform } from "../create-platform.ts";
import { testFolder } from "../folder.fixture.ts";
import { pointerFile } from "./control-places.ts";
import { controlAddresses } from "./find-control.ts";
import { openControl } from "./open-control.ts";
import type { ControlStatus } from "./protocol.ts";

function rootWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = testFolder({ "platform.yaml": "{}\n", ...files });
  onTestFinished(() => folder[Symbol.dispose]());
  return folder.root;
}

/** A log that keeps codes of warnings. */
function recording(): { readonly log: Logger; readonly codes: string[] } {
  const codes: string[] = [];
  const log = {
    ...silentLogger,
    warn: (details: unknown) => void codes.push((details as { code: string }).code),
  } as Logger;
  return { log, codes };
}

/** A platform of two modules of which one fails, with its control. */
async function controlled(root: string, log: Logger = silentLogger) {
  const good = defineModule({ name: "good", version: "1.2.0" }, { setup: () => {} });
  const bad = defineModule(
    { name: "bad", version: "1.0.0", critical: false },
    { setup: ({ lifecycle }) => lifecycle.onStart(() => Promise.reject(new Error("no licence"))) },
  );
  const platform = await createPlatform({
    modules: [good, bad],
    settings: { http: { port: 0 } },
    only: ["good", "bad"],
  });
  const control = await openControl({
    platform,
    root,
    name: "desk",
    version: "1.0.0",
    url: () => undefined,
    log,
    clock: systemClock,
  });
  onTestFinished(async () => {
    await control.close();
    await platform.stop();
  });
  return { platform, control };
}

async function ask<T>(
  root: string,
  method: string,
  url: string,
): Promise<{ readonly status: number; readonly body: T }> {
  for (const socketPath of controlAddresses(root).filter((address) => existsSync(address))) {
    const asked = request({ socketPath, method, path: url, agent: false }).end();
    const answer = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      asked.on("response", resolve).on("error", reject);
    });
    return { status: answer.statusCode ?? 0, body: (await json(answer)) as T };
  }
  throw new Error("nobody listens");
}

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

test("the status says what runs, what failed and why, and what the start took", async () => {
  const root = rootWith();
  const { platform, control } = await controlled(root);
  expect((await ask<ControlStatus>(root, "GET", "/v1/status")).body).toMatchObject({ state: "created", start: null });
  control.started(await platform.start());
  const { body } = await ask<ControlStatus>(root, "GET", "/v1/status");
  expect(body).toMatchObject({ name: "desk", root, pid: process.pid, state: "degraded", url: null });
  expect(body.start?.criticalPath.length).toBeGreaterThan(0);
  const [good, bad] = ["good", "bad"].map((name) => body.modules.find((module) => module.name === name));
  expect(good).toMatchObject({ state: "running", health: "pass", version: "1.2.0", restarts: 0, error: null });
  expect(good?.startMs).toBeTypeOf("number");
  expect(bad).toMatchObject({ state: "failed", health: null, error: { code: "START_FAILED" } });
  expect(bad?.error?.cause).toMatch(/^Error: no licence\n +at /);
});

test("nobody but the owner may enter the folder or use the socket, and an open folder is closed", async () => {
  const root = rootWith();
  const folder = path.join(root, ".data/control");
  mkdirSync(folder, { recursive: true, mode: 0o777 });
  const { control } = await controlled(root);
  expect([modeOf(folder), modeOf(control.address ?? "")]).toEqual(["700", "600"]);
  await control.close();
  expect(existsSync(control.address ?? "")).toBe(false);
});

test("a folder that leads elsewhere is not used", async () => {
  const root = rootWith();
  mkdirSync(path.join(root, ".data"));
  mkdirSync(path.join(root, "elsewhere"));
  symlinkSync(path.join(root, "elsewhere"), path.join(root, ".data/control"));
  const { control } = await controlled(root);
  expect(control.address).not.toContain(root);
});

test("where the path would be too long, a pointer leads to the socket", async () => {
  const root = path.join(rootWith(), "deep/".repeat(20), "desk");
  mkdirSync(root, { recursive: true });
  const { control } = await controlled(root);
  expect(readFileSync(pointerFile(root), "utf8")).toBe(control.address);
  expect(Buffer.byteLength(control.address ?? "")).toBeLessThan(104);
  expect((await ask<ControlStatus>(root, "GET", "/v1/status")).body.root).toBe(root);
  await control.close();
  expect(existsSync(pointerFile(root))).toBe(false);
});

test("a second platform in the same folder goes on without, and says so", async () => {
  const root = rootWith();
  const first = await controlled(root);
  const { log, codes } = recording();
  const second = await controlled(root, log);
  expect([second.control.address, codes]).toEqual([undefined, ["CONTROL_TAKEN"]]);
  await second.control.close();
  first.control.started(await first.platform.start());
  expect((await ask<ControlStatus>(root, "GET", "/v1/status")).body.state).toBe("degraded");
});

test("where no socket can be made the platform goes on, and says so", async () => {
  const root = rootWith();
  writeFileSync(path.join(root, ".data"), "a file in the place of the folder");
  const { log, codes } = recording();
  const { platform } = await controlled(root, silentLogger);
  const places = [{ address: path.join(root, ".data/control/control.sock"), folder: path.join(root, ".data/control") }];
  const control = await openControl({
    platform,
    root,
    places,
    name: "desk",
    version: "1.0.0",
    url: () => undefined,
    log,
    clock: systemClock,
  });
  expect([control.address, codes]).toEqual([undefined, ["CONTROL_UNAVAILABLE"]]);
});

test("what is not known is refused with a problem", async () => {
  const root = rootWith();
  const { platform } = await controlled(root);
  await platform.start();
  const answers = await Promise.all([
    ask(root, "GET", "/v2/status"),
    ask(root, "DELETE", "/v1/status"),
    ask(root, "POST", "/v1/modules/god/restart"),
    ask(root, "POST", "/v1/modules/..%2f/restart"),
  ]);
  const codes = answers.map(({ status, body }) => [
    status,
    (body as { problems: { code: string }[] }).problems[0]?.code,
  ]);
  expect(codes).toEqual([
    [404, "CONTROL_REQUEST"],
    [404, "CONTROL_REQUEST"],
    [404, "CONTROL_MODULE"],
    [404, "CONTROL_REQUEST"],
  ]);
  expect(answers[2]?.body).toMatchObject({ problems: [{ fix: "Write good instead." }] });
});

test("events come as lines, and the stream ends with the platform", async () => {
  const root = rootWith();
  const { platform, control } = await controlled(root);
  const asked = request({ socketPath: control.address, path: "/v1/events", agent: false }).end();
  const answer = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    asked.on("response", resolve).on("error", reject);
  });
  let lines = "";
  const ended = (async () => {
    for await (const text of answer.setEncoding("utf8")) lines += text;
  })().catch(() => {});
  await platform.start();
  await platform.stop();
  await control.close();
  await ended;
  const events = lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.at(0)).toMatchObject({ type: "platform.state", to: "starting" });
  expect(events).toContainEqual(expect.objectContaining({ type: "module.failed", module: "bad" }));
  expect(events.at(-1)).toMatchObject({ type: "platform.state", to: "stopped" });
});
