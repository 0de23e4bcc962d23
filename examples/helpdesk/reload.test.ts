import { setTimeout as pause } from "node:timers/promises";
import { HttpDirectory } from "@plinth/http";
import { createPlatform } from "@plinth/platform";
import { Agent, request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { client } from "./client.fixture.ts";

const perSecond = 200;
const reloads = 10;

test("under 200 requests a second, tickets is reloaded ten times and no request is lost", {
  timeout: 120_000,
}, async () => {
  const platform = await createPlatform({
    root: import.meta.dirname,
    settings: { http: { port: 0, drainDelay: "0s" }, database: { dataDir: "memory://" } },
    set: ["control=off"],
  });
  const dispatcher = new Agent({ connections: 64 });
  onTestFinished(async () => {
    await dispatcher.close();
    await platform.stop();
  });
  await platform.start();
  const url = platform.service(HttpDirectory)?.address()?.url ?? "";
  const credentials = { email: "ann@example.com", password: "a password of hers" };
  await client(url).post("/identity/users", { ...credentials, name: "Ann" });
  const { token } = (await client(url).post("/identity/sessions", credentials)).body;
  const { body: opened } = await client(url, token).post("/tickets", { subject: "Help", body: "It does not work." });
  const headers = { authorization: `Bearer ${token}` };

  const answers: Promise<number | string>[] = [];
  const statusOf = async () => {
    const { statusCode, body } = await request(`${url}/tickets/${opened.reference}`, { dispatcher, headers });
    await body.dump();
    return statusCode;
  };
  const began = performance.now();
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
      while (answers.length < due) answers.push(statusOf().catch((error: unknown) => String(error)));
      await pause(2);
    }
  })();

  const startedAt = () => platform.status().modules.find(({ name }) => name === "tickets")?.since;
  const starts = new Set([startedAt()]);
  for (let round = 0; round < reloads; round += 1) {
    await pause(200);
    expect(await platform.reload("tickets")).toMatchObject({
      reloaded: ["tickets"],
      restarted: ["reports"],
      errors: [],
    });
    starts.add(startedAt());
  }
  await pause(200);
  isOver = true;
  await asking;
  const counts = Map.groupBy(await Promise.all(answers), (answer) => answer);
  expect(Object.fromEntries([...counts].map(([answer, { length }]) => [answer, length]))).toEqual({
    200: answers.length,
  });
  expect(answers.length).toBeGreaterThan(perSecond);
  expect(starts.size).toBe(reloads + 1);
});
