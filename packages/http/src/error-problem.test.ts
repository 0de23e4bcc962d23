import { expect, test } from "vitest";
import { problemOf } from "./error-problem.ts";
import type * as problems from "./problem.ts";

test("a problem that was made by another copy of this package, as in a plugin, is answered as it is", async () => {
  const copy = `./problem.ts?copy=${Date.now()}`;
  const { HttpProblem } = (await import(copy)) as typeof problems;
  const { HttpProblem: own } = await import("./problem.ts");
  const thrown = new HttpProblem(409, "It is closed.", { members: { state: "closed" } });
  expect(thrown).not.toBeInstanceOf(own);
  expect(problemOf(thrown, "1", "Bearer").document).toMatchObject({ status: 409, state: "closed" });
});

test("an error that only looks like a problem says nothing to clients", () => {
  const thrown = Object.assign(new Error("secret"), { name: "HttpProblem", statusCode: 409, document: {} });
  expect(problemOf(thrown, "1", "Bearer").document).toMatchObject({ status: 500, requestId: "1" });
});
