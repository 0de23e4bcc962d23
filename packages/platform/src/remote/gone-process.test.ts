import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HttpDirectory } from "@plinth/http";
import { createRecordingLog } from "@plinth/testing";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { type TestFolder, testFolder } from "../folder.fixture.ts";
import { sameModuleFiles } from "./same-module.fixture.ts";

const doors = () => readdirSync(tmpdir()).filter((name) => /^plinth-[A-Za-z0-9]{6}$/.test(name)).length;

describe("when the process of a module goes", () => {
  let folder: TestFolder;
  let platform: RunnablePlatform;
  let url: string;
  let doorsBefore: number;

  beforeAll(async () => {
    doorsBefore = doors();
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
  });

  test("a stop waits for requests in progress, which may use everything until they end", async () => {
    const slow = fetch(`${url}/desk/slow`);
    const figures = async () => (await fetch(`${url}/metrics`)).text();
    await expect.poll(figures).toContain('desk_asked_total{what="slow"} 1');
    const stopping = platform.stop();
    expect(await (await slow).text()).toBe("written");
    expect((await stopping).errors).toEqual([]);
    expect(doors()).toBeLessThanOrEqual(doorsBefore);
  });
});
