import { HttpDirectory } from "@plinth/http";
import { standIn, startTestPlatform } from "@plinth/testing";
import { Notes } from "@starter/notes";
import { expect, test } from "vitest";
import teamModule from "./index.ts";

test("a member sees how many notes they have written, whoever keeps them", async () => {
  await using running = await startTestPlatform({
    modules: [teamModule],
    standIns: [standIn(Notes, { countBy: async () => 3 })],
    settings: { team: { member: "grace", token: "secret" } },
  });
  const url = `${running.service(HttpDirectory).address()?.url}/team/me`;
  expect(await (await fetch(url, { headers: { authorization: "Bearer secret" } })).json()).toEqual({
    name: "grace",
    notes: 3,
  });
  expect((await fetch(url)).status).toBe(401);
});
