import { HttpDirectory } from "@plinth/http";
import { startTestPlatform } from "@plinth/testing";
import { expect, test } from "vitest";
import { modules } from "./modules.gen.ts";

test("a member writes a note that everybody reads, and sees how many they have written", async () => {
  await using running = await startTestPlatform({ modules, settings: { team: { token: "secret" } } });
  const url = running.service(HttpDirectory).address()?.url;
  const headers = { authorization: "Bearer secret", "content-type": "application/json" };

  const written = await fetch(`${url}/notes`, { method: "POST", headers, body: JSON.stringify({ text: "hello" }) });
  expect(written.status).toBe(201);
  expect(await (await fetch(`${url}/notes`)).json()).toEqual({ items: [{ id: 1, author: "ada", text: "hello" }] });
  expect(await (await fetch(`${url}/team/me`, { headers })).json()).toEqual({ name: "ada", notes: 1 });
});

test("nobody else writes", async () => {
  await using running = await startTestPlatform({ modules, settings: { team: { token: "secret" } } });
  const url = running.service(HttpDirectory).address()?.url;
  expect((await fetch(`${url}/notes`, { method: "POST" })).status).toBe(401);
});
