import { setImmediate as turn } from "node:timers/promises";
import { defineModule, type RemoteLink, type RemoteService } from "@plinth/module";
import { permissionsCapability } from "@plinth/permissions";
import { linkPair } from "@plinth/testing/link";
import { afterEach, expect, test } from "vitest";
import { httpCapability } from "../capability.ts";
import { Driver, urlOf } from "../driver.fixture.ts";
import { Http } from "../http.ts";

let driver: Driver;
afterEach(() => driver.stop());

/** Starts a host with one module, whose process says to it what `act` says. */
async function startWith(act: (link: RemoteLink) => unknown): Promise<string> {
  const capability = httpCapability();
  driver = new Driver([permissionsCapability(), capability], { http: { port: 0, drainDelay: "0ms" } });
  const remote = capability.remotes?.find(({ service }) => service.id === Http.id) as RemoteService<Http>;
  const rogue = defineModule(
    { name: "rogue", version: "1.0.0" },
    {
      requires: { http: Http },
      setup({ http, lifecycle }) {
        lifecycle.onStart(async () => {
          const pair = linkPair("rogue");
          remote.serve(http, pair.host);
          await act(pair.child);
          await turn();
        });
        http.get("/guarded", { authenticated: true }, () => "never");
      },
    },
  );
  driver.add(rogue);
  await driver.start();
  return urlOf(driver);
}

test.each([
  ["a route outside of its prefix", { method: "GET", url: "/other" }, "HTTP_ROUTE_OUTSIDE|lies outside of its prefix"],
  [
    "a constraint that is an expression",
    { method: "GET", url: "/rogue/x", constraints: { host: /(a+)+$/ } },
    "not all texts",
  ],
  ["no route at all", {}, "."],
])("a process that announces %s fails its module", async (_what, route, message) => {
  const starting = startWith(async (link) => {
    link.handle("open", () => [{ access: { public: true }, ...route }]);
    await link.call("mount");
  });
  await expect(starting).rejects.toThrow(new RegExp(message));
});

test("a challenge that is no header is refused", async () => {
  let refused: unknown;
  await startWith(async (link) => {
    refused = await link.call("authenticate", [{ challenge: "Bearer\r\nset-cookie: a=b" }]).catch((error) => error);
  });
  expect(refused).toMatchObject({ code: "ERR_INVALID_CHAR" });
});

test.each([
  [{ problem: { headers: {}, document: { status: 99, title: "odd" } } }],
  [{ problem: { headers: { "x-a": "b\r\nc: d" }, document: { status: 401, title: "odd" } } }],
  [{ problem: { headers: { "no name": "b" }, document: { status: 401, title: "odd" } } }],
  [null],
  ["ann"],
])("an answer that makes no sense signs nobody in, and the host goes on: %j", async (answer) => {
  const url = await startWith(async (link) => {
    link.handle("sign-in", () => answer);
    await link.call("authenticate", [{}]);
    await link.call("log", ["shout", 1, { text: "hello" }]);
    await link.call("log", ["warn", null, { text: "hello" }]);
  });
  expect((await fetch(`${url}/rogue/guarded`)).status).toBe(500);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});
