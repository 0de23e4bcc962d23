import { afterAll, beforeAll, expect, test } from "vitest";
import { app, createDriver, type Driver, urlOf } from "./driver.fixture.ts";

const size = { type: "object", additionalProperties: false, properties: { size: { type: "integer" } } };
const named = { type: "object", additionalProperties: false, properties: { name: { type: "string" } } };

const things = app("things", (http) => {
  http.get("/", { public: true, schema: { querystring: size } }, (request) => request.query);
  http.post("/", { public: true, schema: { body: named } }, (request) => request.body);
});
let driver: Driver;

beforeAll(async () => {
  driver = createDriver([things]);
  await driver.start();
});
afterAll(() => driver.stop());

const post = (body: unknown) =>
  fetch(`${urlOf(driver)}/things`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("a query is text and is turned into what its schema asks for", async () => {
  expect(await (await fetch(`${urlOf(driver)}/things?size=5`)).json()).toEqual({ size: 5 });
  expect((await fetch(`${urlOf(driver)}/things?size=five`)).status).toBe(400);
});

test("a body is taken at its word: a number is no text", async () => {
  expect(await (await post({ name: "5" })).json()).toEqual({ name: "5" });
  expect((await post({ name: 5 })).status).toBe(400);
});

test("a key that the schema does not allow is refused, not dropped", async () => {
  expect((await post({ name: "a", isAdmin: true })).status).toBe(400);
});
