import type { Principal } from "@plinth/permissions";
import { describe, expectTypeOf, test } from "vitest";
import type { Http } from "./http.ts";

describe("the types of a route", () => {
  test("know who asks where somebody must have signed in, and nobody on a public route", () => {
    const add = (http: Http) => {
      http.get("/", { permission: "a.b" }, (request) => expectTypeOf(request.principal).toEqualTypeOf<Principal>());
      http.get("/", { authenticated: true }, (request) => expectTypeOf(request.principal).toEqualTypeOf<Principal>());
      http.get("/", { public: true }, (request) => expectTypeOf(request.principal).toEqualTypeOf<undefined>());
    };
    expectTypeOf(add).returns.toBeVoid();
  });

  test("know params, query and body that the route states", () => {
    const add = (http: Http) => {
      http.post<{ Params: { id: string }; Querystring: { q?: string }; Body: { title: string } }>(
        "/:id",
        { permission: "a.b" },
        (request) => {
          expectTypeOf(request.params.id).toEqualTypeOf<string>();
          expectTypeOf(request.query.q).toEqualTypeOf<string | undefined>();
          expectTypeOf(request.body.title).toEqualTypeOf<string>();
          expectTypeOf(request.principal.id).toEqualTypeOf<string>();
        },
      );
    };
    expectTypeOf(add).returns.toBeVoid();
  });

  test("ask for exactly one kind of access", () => {
    const add = (http: Http) => {
      // @ts-expect-error no access is stated
      http.get("/", {}, () => 1);
      // @ts-expect-error two kinds are stated
      http.get("/", { public: true, authenticated: true }, () => 1);
      // @ts-expect-error two kinds are stated
      http.get("/", { permission: "a.b", public: true }, () => 1);
      // @ts-expect-error a route that is not public states who may call it
      http.get("/", { public: false }, () => 1);
    };
    expectTypeOf(add).returns.toBeVoid();
  });
});
