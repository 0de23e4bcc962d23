import { defineModule } from "@plinth/module";
import { Permissions, type Principal } from "@plinth/permissions";
import { afterEach, describe, expect, test } from "vitest";
import { createDriver, type Driver, urlOf } from "./driver.fixture.ts";
import { Http } from "./http.ts";

let driver: Driver | undefined;
afterEach(() => driver?.stop());

/** Version 2.1.0 of tickets, on whose routes old codes are still named; closing is what ann may do. */
function ticketsWith(code: string) {
  return defineModule(
    {
      name: "tickets",
      version: "2.1.0",
      permissions: {
        "ticket.close": "Close a ticket",
        "ticket.shut": { replacedBy: "ticket.close", retired: "2.0.0" },
        "ticket.end": { replacedBy: "ticket.close", retired: "1.9.0" },
      },
    },
    {
      requires: { http: Http, permissions: Permissions },
      setup({ http, permissions }) {
        http.authenticate(({ headers }): Principal | undefined =>
          headers.authorization === undefined ? undefined : { id: headers.authorization },
        );
        permissions.useAuthorizer({ can: ({ id }, asked) => id === "ann" && asked === "tickets.ticket.close" });
        http.get("/route", { permission: code }, () => "closed");
        http.get("/handler", { authenticated: true }, async ({ principal }) => {
          await permissions.require(principal, code);
          return "closed";
        });
        http.get("/nobody", { public: true }, ({ principal }) => permissions.require(principal, code));
      },
    },
  );
}

async function start(code: string): Promise<string> {
  driver = createDriver([ticketsWith(code)]);
  await driver.start();
  return urlOf(driver);
}

describe("a route and a handler that ask for a code with a successor", () => {
  test.each(["/route", "/handler"])("let the same people through, and name the code to grant: %s", async (path) => {
    const url = await start("tickets.ticket.shut");
    const get = (as: string) => fetch(`${url}/tickets${path}`, { headers: { authorization: as } });
    expect((await get("ann")).status).toBe(200);
    const refused = await get("bob");
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toEqual({
      type: "urn:plinth:problem:permission-missing",
      title: "Forbidden",
      status: 403,
      detail: "The permission tickets.ticket.close is missing.",
      permission: "tickets.ticket.close",
    });
  });

  test("nobody is asked to sign in, also by a handler", async () => {
    const answer = await fetch(`${await start("tickets.ticket.shut")}/tickets/nobody`);
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await answer.json()).toMatchObject({
      type: "urn:plinth:problem:unauthenticated",
      permission: "tickets.ticket.close",
    });
  });
});

test("a module with a route whose code was retired a major version ago does not start, and says what to name", async () => {
  await expect(start("tickets.ticket.end")).rejects.toThrow(
    'the permission "tickets.ticket.end" was retired in 1.9.0 of module "tickets" and works no more',
  );
});
