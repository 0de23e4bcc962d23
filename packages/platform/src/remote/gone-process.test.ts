import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HttpDirectory } from "@plinth/http";
import type { PlatformErrors } from "@plinth/module";
import { createRecordingLog } from "@plinth/testing";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { type TestFolder, testFolder } from "../folder.fixture.ts";
import { sameModuleFiles } from "./same-module.fixture.ts";

// A place for sockets that no other test uses.
const place = mkdtempSync(path.join(tmpdir(), "doors-"));
const before = process.env.TMPDIR;
process.env.TMPDIR = place;
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(place, { recursive: true });
});
const doors = () => readdirSync(place);

const failing = `
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";

export default defineModule({
  requires: { http: Http },
  setup({ http, lifecycle }) {
    http.get("/", { public: true }, () => 1);
    if (SHADOWED) http.get("/under/x", { public: true }, () => 2);
    lifecycle.onStart(() => { throw new Error("no luck"); });
  },
});
`;

test.each([
  { shadowed: false, code: "START_FAILED" },
  { shadowed: true, code: "HTTP_ROUTE_SHADOWED" },
])("a start that fails is reported as what it is, and leaves nothing behind: $code", async ({ shadowed, code }) => {
  using folder = testFolder({
    "platform.yaml": "name: failing\nisolation: { process: [bad] }\n",
    "modules/bad/module.yaml": "name: bad\nversion: 1.0.0\n",
    "modules/bad/src/index.ts": failing.replace("SHADOWED", String(shadowed)),
    "modules/under/module.yaml": "name: under\nversion: 1.0.0\nhttp: { prefix: /bad/under }\n",
  });
  const platform = await createPlatform({ root: folder.root, settings: { http: { port: 0, drainDelay: "0s" } } });
  const error = await platform.start().catch((thrown: unknown) => thrown);
  expect((error as PlatformErrors).errors.map((one) => one.code)).toEqual([code]);
  expect(doors()).toEqual([]);
});

describe("when the process of a module goes", () => {
  let folder: TestFolder;
  let platform: RunnablePlatform;
  let url: string;

  beforeAll(async () => {
    folder = testFolder({
      ...sameModuleFiles,
      "platform.yaml": "name: gone\nisolation: { process: [desk] }\n",
    });
    const dataDir = path.join(folder.root, "database");
    await newDatabaseFolder(dataDir);
    const settings = { http: { port: 0, drainDelay: "0s" }, database: { dataDir } };
    platform = await createPlatform({ root: folder.root, settings, log: createRecordingLog() });
    await platform.start();
    url = platform.service(HttpDirectory)?.address()?.url ?? "";
  });
  afterAll(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });

  const desk = () => platform.status().modules.find(({ name }) => name === "desk");
  const titles = async () => {
    const response = await fetch(`${url}/desk`, { headers: { authorization: "Bearer ann" } });
    return response.status === 200 ? ((await response.json()) as { title: string }[]).map(({ title }) => title) : [];
  };

  test("requests in progress get 503 or are cut off, none hangs, and its transactions are rolled back", async () => {
    const waiting = fetch(`${url}/desk/wait`);
    const begun = await fetch(`${url}/desk/hang`);
    const reader = begun.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("begun");
    process.kill(desk()?.pid ?? 0, "SIGKILL");
    await expect(reader?.read()).rejects.toThrow("terminated");
    const refused = await waiting;
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ type: "urn:plinth:problem:module-not-running", module: "desk" });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test("it answers again when it has been started again, with what it had committed", async () => {
    await expect.poll(titles, { timeout: 15_000 }).toEqual(["first"]);
    expect(desk()).toMatchObject({ state: "running", restarts: 1 });
    expect(doors()).toHaveLength(1);
  });

  test("requests that come while it is busy wait, also many at one moment", async () => {
    const blocking = fetch(`${url}/desk/block`);
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = Array.from({ length: 800 }, () => fetch(`${url}/desk/unknown`).then(({ status }) => status));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([200]));
    expect(await (await blocking).text()).toBe("blocked");
  });

  test("a stop waits for requests in progress, which may use everything until they end", async () => {
    const slow = fetch(`${url}/desk/slow`);
    const figures = async () => (await fetch(`${url}/metrics`)).text();
    await expect.poll(figures).toContain('desk_asked_total{what="slow"} 1');
    const stopping = platform.stop();
    expect(await (await slow).text()).toBe("written");
    expect((await stopping).errors).toEqual([]);
    expect(doors()).toEqual([]);
  });
});
