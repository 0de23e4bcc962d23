import { defineModule } from "@plinth/module";
import { Permissions, type Principal } from "@plinth/permissions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { app, createDriver, type Driver, urlOf } from "./driver.fixture.ts";
import { Http } from "./http.ts";
import { HttpProblem, missingPermission } from "./problem.ts";

const grants: Readonly<Record<string, readonly string[]>> = { ann: ["tickets.ticket.read"], bob: [] };

/** Signs in whoever the header says, and lets everybody do what `grants` has. */
const identity = defineModule(
  { name: "identity", version: "1.0.0" },
  {
    requires: { http: Http, permissions: Permissions },
    setup({ http, permissions }) {
      http.authenticate(
        (request): Principal | undefined | Promise<Principal | undefined> => {
          const name = request.headers.authorization?.replace("Bearer ", "");
          if (name === "late") return Promise.resolve({ id: "ann" });
          if (name === "broken") throw new Error("the store of tokens is away");
          if (name === "expired") return Promise.reject(new HttpProblem(401, "The token has expired."));
          return name === undefined || name === "nobody" ? undefined : { id: name, name };
        },
        { challenge: 'Bearer realm="test"' },
      );
      permissions.useAuthorizer({
        can: ({ id }, code) => (id === "slow" ? Promise.resolve(true) : (grants[id] ?? []).includes(code)),
      });
    },
  },
);

const titleSchema = {
  type: "object",
  required: ["title"],
  additionalProperties: false,
  properties: { title: { type: "string", maxLength: 5 } },
};

const tickets = app(
  "tickets",
  (http) => {
    http.get("/", { public: true }, () => ({ all: true }));
    http.get<{ Params: { id: string } }>("/:id", { permission: "tickets.ticket.read" }, (request) => ({
      id: request.params.id,
      for: request.principal.id,
    }));
    http.get("/me", { authenticated: true }, ({ principal }) => principal);
    http.post("/", { public: true, schema: { body: titleSchema } }, (request, reply) => {
      reply.code(201);
      return request.body;
    });
    http.put("/:id", { permission: "tickets.ticket.close" }, () => "closed");
    http.patch("/:id", { permission: "tickets.no-such-code" }, () => "never");
    http.delete("/:id", {} as { public: true }, () => "never");
    http.get("/two", { public: true, authenticated: true } as unknown as { public: true }, () => "never");
    http.get("/missing", { public: true }, () => {
      const members = { ticket: 12 };
      throw new HttpProblem(404, "There is no ticket 12.", {
        type: "urn:x:no-ticket",
        members,
        headers: { "x-a": "b" },
      });
    });
    http.get("/checked", { authenticated: true }, () => {
      throw missingPermission("tickets.ticket.close");
    });
    http.get("/crash", { public: true }, async () => {
      throw Object.assign(new Error("password=secret"), { statusCode: 404 });
    });
    http.get("/string", { public: true }, () => {
      throw "a bare string";
    });
    const response = { 500: { type: "object", properties: { only: { type: "string" } } } };
    http.get("/shaped", { public: true, schema: { response } }, () => {
      throw new Error("secret");
    });
    http.get("/slow", { public: true }, async (_request, reply) => {
      reply.type("text/plain");
      return "done";
    });
    http.post("/large", { public: true, bodyLimit: 5000 }, (request) => JSON.stringify(request.body).length);
  },
  { manifest: { permissions: { "ticket.read": "See", "ticket.close": "Close" } } },
);

describe.each([false, true])("the routes of a module, apart from the host: %s", (apart) => {
  let driver: Driver;
  let url: string;

  beforeAll(async () => {
    driver = createDriver([identity, tickets, app("empty")], { bodyLimit: 1000 }, { apart });
    await driver.start();
    url = urlOf(driver);
  });
  afterAll(() => driver.stop());

  async function call(path: string, init: RequestInit & { as?: string } = {}) {
    const { as, ...rest } = init;
    const headers = { ...(rest.headers as object), ...(as === undefined ? {} : { authorization: `Bearer ${as}` }) };
    const response = await fetch(url + path, { ...rest, headers });
    const type = response.headers.get("content-type");
    const text = await response.text();
    return {
      status: response.status,
      type,
      headers: response.headers,
      text,
      body: type?.includes("json") && text !== "" ? JSON.parse(text) : text,
    };
  }

  async function problem(path: string, init: RequestInit & { as?: string } = {}) {
    const answer = await call(path, init);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.body.status).toBe(answer.status);
    return answer.body;
  }

  const post = (body: string, type = "application/json") => ({
    method: "POST",
    body,
    headers: { "content-type": type },
  });

  test("lie under its prefix, and the prefix itself answers with and without a slash", async () => {
    expect((await call("/tickets")).body).toEqual({ all: true });
    expect((await call("/tickets/")).body).toEqual({ all: true });
    expect((await call("/tickets?x=1")).body).toEqual({ all: true });
    expect((await call("/tickets", { method: "HEAD" })).status).toBe(200);
    expect(await call("/tickets/slow")).toMatchObject({ status: 200, text: "done", type: "text/plain" });
  });

  test("a public route signs nobody in, also when the sign-in is broken", async () => {
    expect((await call("/tickets", { as: "broken" })).status).toBe(200);
  });

  test("401 for nobody on a guarded route, with the challenge and the permission that is needed", async () => {
    const answer = await call("/tickets/1");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="test"');
    expect(answer.body).toEqual({
      type: "urn:plinth:problem:unauthenticated",
      title: "Unauthorized",
      status: 401,
      detail: "Sign in to do this.",
      permission: "tickets.ticket.read",
    });
    const me = await problem("/tickets/me", { as: "nobody" });
    expect(me).toMatchObject({ status: 401, type: "urn:plinth:problem:unauthenticated" });
    expect(me).not.toHaveProperty("permission");
  });

  test("403 names the permission that is missing", async () => {
    expect(await problem("/tickets/1", { as: "bob" })).toEqual({
      type: "urn:plinth:problem:permission-missing",
      title: "Forbidden",
      status: 403,
      detail: "The permission tickets.ticket.read is missing.",
      permission: "tickets.ticket.read",
    });
    expect(await problem("/tickets/1", { method: "PUT", as: "ann" })).toMatchObject({
      permission: "tickets.ticket.close",
    });
    expect(await problem("/tickets/checked", { as: "ann" })).toMatchObject({ permission: "tickets.ticket.close" });
  });

  test("with the permission the handler knows who asks, however long sign-in and check take", async () => {
    expect((await call("/tickets/7", { as: "ann" })).body).toEqual({ id: "7", for: "ann" });
    expect((await call("/tickets/7", { as: "late" })).body).toEqual({ id: "7", for: "ann" });
    expect((await call("/tickets/7", { as: "slow" })).body).toEqual({ id: "7", for: "slow" });
    expect((await call("/tickets/me", { as: "bob" })).body).toEqual({ id: "bob", name: "bob" });
    expect((await call("/tickets/1", { method: "HEAD" })).status).toBe(401);
  });

  test("a route without access, or with two, lets nobody through and is reported at the start", async () => {
    for (const as of [undefined, "ann"]) {
      expect(await problem("/tickets/1", { method: "DELETE", ...(as === undefined ? {} : { as }) })).toEqual({
        type: "urn:plinth:problem:access-undeclared",
        title: "Forbidden",
        status: 403,
        detail: "This route states no access, so nobody may call it.",
      });
    }
    expect((await problem("/tickets/two", { as: "ann" })).status).toBe(403);
    expect(driver.logged("a route states no access: nobody may call it").map(({ route }) => route)).toEqual([
      "DELETE /tickets/:id",
      "GET /tickets/two",
    ]);
  });

  test("a code that no module declares is denied and reported at the start", async () => {
    expect((await problem("/tickets/1", { method: "PATCH", as: "ann" })).permission).toBe("tickets.no-such-code");
    expect(driver.logged("a route names a permission that no module declares: nobody may call it")).toMatchObject([
      { route: "PATCH /tickets/:id", permission: "tickets.no-such-code" },
    ]);
  });

  test("a sign-in that fails is a 500, and one that throws a problem is that problem", async () => {
    const { detail, requestId } = await problem("/tickets/1", { as: "broken" });
    expect(detail).not.toContain("store");
    expect(driver.logged("a request failed: the store of tokens is away")).toMatchObject([
      { level: "error", requestId },
    ]);
    expect(await problem("/tickets/1", { as: "expired" })).toMatchObject({
      status: 401,
      detail: "The token has expired.",
    });
  });

  test("404 for a path that no module has, one that the module has not, and a module without routes", async () => {
    expect(await problem("/nowhere?q=1")).toEqual({
      title: "Not Found",
      status: 404,
      detail: "There is no GET /nowhere here.",
    });
    expect(await problem("/tickets/1/2?q=1")).toMatchObject({
      status: 404,
      detail: "There is no GET /tickets/1/2 here.",
    });
    expect(await problem("/tickets/1", post("{}"))).toMatchObject({ status: 404 });
    expect(await problem("/empty/x")).toMatchObject({ status: 404 });
  });

  test("what a handler throws as a problem is sent as it is", async () => {
    const answer = await call("/tickets/missing");
    expect(answer.headers.get("x-a")).toBe("b");
    expect(answer.body).toEqual({
      type: "urn:x:no-ticket",
      title: "Not Found",
      status: 404,
      detail: "There is no ticket 12.",
      ticket: 12,
    });
  });

  test("any other error is a 500 that says nothing but the id under which it is logged", async () => {
    for (const [path, reason] of [
      ["/tickets/crash", "password=secret"],
      ["/tickets/string", "a bare string"],
      ["/tickets/shaped", "secret"],
    ] as const) {
      const body = await problem(path);
      expect(body).toEqual({
        title: "Internal Server Error",
        status: 500,
        detail: "Something went wrong here; the log has more under the id of the request.",
        requestId: expect.any(String),
      });
      const lines = driver
        .logged(`a request failed: ${reason}`)
        .filter(({ requestId }) => requestId === body.requestId);
      expect(lines).toMatchObject([{ level: "error", servedBy: "tickets" }]);
    }
  });

  test("400 says what is wrong in the body and where", async () => {
    expect(await problem("/tickets", post('{"title":"too long"}'))).toEqual({
      type: "urn:plinth:problem:invalid-request",
      title: "Bad Request",
      status: 400,
      detail: "The request does not have the form that this route asks for.",
      errors: [{ at: "/body/title", message: "must NOT have more than 5 characters" }],
    });
    expect(await problem("/tickets", post("{}"))).toMatchObject({
      errors: [{ at: "/body", message: "must have required property 'title'" }],
    });
    expect(await problem("/tickets", post('{"title":"ok","titel":"typo"}'))).toMatchObject({
      errors: [{ at: "/body/titel", message: "is not known here" }],
    });
    expect(await problem("/tickets", post("{"))).toMatchObject({ status: 400 });
    expect(await problem("/tickets", post('{"__proto__":{"x":1}}'))).toMatchObject({ status: 400 });
    expect(await problem("/tickets/%zz")).toMatchObject({ status: 400 });
    expect(await problem("/tickets", post("<a/>", "text/xml"))).toMatchObject({ status: 415 });
    expect(await call("/tickets", post('{"title":"ok"}'))).toMatchObject({ status: 201, body: { title: "ok" } });
  });

  test("413 for a body over the limit, which a route may raise", async () => {
    const body = JSON.stringify({ title: "x".repeat(2000) });
    expect(await problem("/tickets", post(body))).toMatchObject({ status: 413, title: "Payload Too Large" });
    expect((await call("/tickets/large", post(body))).text).toBe(String(body.length));
  });

  test("each request is one line at debug, with its route, its status and its trace", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await call("/tickets/41?secret=1", { as: "ann", headers: { traceparent } });
    await expect
      .poll(() => driver.logged("request").at(-1))
      .toMatchObject({
        level: "debug",
        servedBy: "tickets",
        method: "GET",
        path: "/tickets/41",
        route: "/tickets/:id",
        status: 200,
        traceId: "0af7651916cd43dd8448eb211c80319c",
        requestId: expect.any(String),
        durationMs: expect.any(Number),
      });
  });

  test("the index lists the modules and their prefixes", async () => {
    expect((await call("/")).body).toEqual({
      modules: [
        { name: "identity", prefix: "/identity", state: "running" },
        { name: "tickets", prefix: "/tickets", state: "running" },
        { name: "empty", prefix: "/empty", state: "running" },
      ],
    });
  });
});

describe("without a module that signs in", () => {
  test("guarded routes answer 401, and the log says why once", async () => {
    const driver = createDriver([app("a", (http) => http.get("/", { authenticated: true }, () => 1))]);
    await driver.start();
    try {
      const first = await fetch(`${urlOf(driver)}/a`);
      expect([first.status, first.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      await fetch(`${urlOf(driver)}/a`);
      expect(driver.logged("no module has called http.authenticate: nobody can sign in")).toHaveLength(1);
    } finally {
      await driver.stop();
    }
  });
});

describe.each([false, true])("a route that cannot be, apart from the host: %s", (apart) => {
  async function failure(...modules: Parameters<typeof createDriver>[0]) {
    const driver = createDriver(modules, {}, { apart });
    try {
      await driver.start();
    } catch (error) {
      const { code, message, fix } = error as { code: string; message: string; fix: string };
      return { code, message, fix };
    } finally {
      await driver.stop();
    }
    return undefined;
  }

  const open = { public: true } as const;

  test("is refused when the module has it already", async () => {
    const twice = app("a", (http) => {
      http.get("/x", open, () => 1);
      http.get("/x", open, () => 2);
    });
    expect(await failure(twice)).toEqual({
      code: "HTTP_ROUTE_REFUSED",
      message: "module \"a\" cannot add the route GET /x: Method 'GET' already declared for route '/a/x'",
      fix: "Register each method and path once, and remove the second one.",
    });
  });

  test("is refused when its path has no slash", async () => {
    expect(await failure(app("a", (http) => http.get("x", open, () => 1)))).toMatchObject({
      code: "HTTP_ROUTE_REFUSED",
      message: 'module "a" cannot add the route GET x: its path does not begin with a slash',
    });
  });

  test("is refused under the longer prefix of another module, and both are named", async () => {
    const api = app("api", (http) => http.get("/tickets/:id", open, () => 1));
    expect(
      await failure(api, app("tickets", undefined, { manifest: { http: { prefix: "/api/tickets" } } })),
    ).toMatchObject({
      code: "HTTP_ROUTE_SHADOWED",
      message: 'the route GET /api/tickets/:id of module "api" lies under /api/tickets, the prefix of module "tickets"',
    });
  });

  test("is refused outside of the prefix, when a plugin adds it", async () => {
    expect(await failure(app("a", (http) => http.fastify.get("/docs", () => 1)))).toMatchObject({
      code: "HTTP_ROUTE_OUTSIDE",
      message: 'the route GET /docs of module "a" lies outside of its prefix /a',
    });
  });

  test("fails the module's start when its schema cannot be compiled", async () => {
    const schema = { body: { type: "no such type" } };
    expect(await failure(app("a", (http) => http.post("/x", { ...open, schema }, () => 1)))).toMatchObject({
      code: "HTTP_ROUTES_INVALID",
      message: expect.stringMatching(/^the routes of module "a" cannot be opened: .*no such type|type must be/),
    });
  });

  test("is refused after the start", async () => {
    let http: Http | undefined;
    const driver = createDriver(
      [
        app("a", (own) => {
          http = own;
          own.get("/x", open, () => 1);
        }),
      ],
      {},
      { apart },
    );
    await driver.start();
    try {
      expect(() => http?.get("/late", open, () => 1)).toThrow(
        expect.objectContaining({ code: "HTTP_ROUTE_REFUSED", fix: "Register all routes in setup." }),
      );
    } finally {
      await driver.stop();
    }
  });

  test("a second module that signs requests in is refused, and both are named", async () => {
    const signing = (name: string) => app(name, (http) => http.authenticate(() => undefined));
    expect(await failure(signing("identity"), signing("ldap"))).toEqual({
      code: "HTTP_AUTHENTICATION_TWICE",
      message: 'module "ldap" signs requests in, but module "identity" does so already',
      fix: "Call http.authenticate in one module only.",
    });
  });
});

describe.each([false, true])("the module's own Fastify instance, apart from the host: %s", (apart) => {
  test("takes plugins whose routes are under the prefix and state their access, or are denied", async () => {
    const driver = createDriver(
      [
        app("docs", (http) => {
          http.fastify.addHook("onRequest", async (request, reply) => {
            if (request.headers.origin !== undefined) reply.header("x-plugin", "ran");
          });
          http.fastify.register(
            async (plugin) => {
              plugin.get("/open", { config: { access: { public: true } } }, () => "open");
              plugin.get("/silent", () => "never");
            },
            { prefix: http.prefix },
          );
          http.fastify.register(
            async (plugin) => {
              plugin.addHook("onRoute", (route) => {
                route.config = { ...route.config, access: { public: true } } as object;
              });
              plugin.get("/all", () => "open too");
            },
            { prefix: http.prefix },
          );
        }),
      ],
      {},
      { apart },
    );
    await driver.start();
    try {
      const url = `${urlOf(driver)}/docs`;
      expect(await (await fetch(`${url}/open`)).text()).toBe("open");
      expect(await (await fetch(`${url}/all`)).text()).toBe("open too");
      const denied = await fetch(`${url}/silent`, { headers: { origin: "http://x" } });
      // The host refuses without asking the other process, and so before its hooks.
      expect([denied.status, denied.headers.get("x-plugin")]).toEqual([403, apart ? null : "ran"]);
      const allowed = await fetch(`${url}/open`, { headers: { origin: "http://x" } });
      expect([allowed.status, allowed.headers.get("x-plugin")]).toEqual([200, "ran"]);
    } finally {
      await driver.stop();
    }
  });

  test("logs under the request's id, through the platform's log", async () => {
    const driver = createDriver(
      [
        app("a", (http) => {
          http.get("/", { public: true }, (request) => {
            request.log.info({ ticket: 1 }, "seen");
            request.log.warn(new Error("odd"));
            request.log.child({ deep: true }).error("worse");
            return request.id;
          });
        }),
      ],
      {},
      { apart },
    );
    await driver.start();
    try {
      const reqId = await (await fetch(`${urlOf(driver)}/a`)).text();
      const common = { module: "http", servedBy: "a", reqId };
      expect(driver.lines.filter((line) => line.reqId === reqId)).toEqual([
        { ...common, level: "info", message: "seen", ticket: 1 },
        { ...common, level: "warn", message: "odd", err: expect.any(Error) },
        { ...common, level: "error", message: "worse", deep: true },
      ]);
    } finally {
      await driver.stop();
    }
  });
});
