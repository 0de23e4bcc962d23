import { registryError } from "@plinth/discovery";
import { describe, expect, it } from "vitest";
import { ApiTimeout } from "../api/api-client.ts";
import { apiError } from "../api/api-error.ts";
import { judgeFailure } from "./judge-failure.ts";
import { BrokenStream } from "./slice-event.ts";
import { WatchOverdue } from "./watch-slices.ts";

const status = (code: number, more: object = {}) => apiError(code, JSON.stringify({ message: "no", code, ...more }));
const tooLarge = { details: { causes: [{ reason: "ResourceVersionTooLarge" }] } };
const signIn = registryError("DISCOVERY_SIGN_IN", { registry: "x", reason: "y" });

describe("after a failure", () => {
  it.each([
    ["410", status(410), "watch", "latest", "soon", false],
    ["Expired under another code", status(400, { reason: "Expired" }), "list", "latest", "soon", false],
    ["a version from the future", status(504, tooLarge), "list", "latest", "soon", false],
    [
      "an old server's version from the future",
      status(504, { message: "Timeout: Too large resource version: 9" }),
      "list",
      "latest",
      "soon",
      false,
    ],
    ["401 of the watch", status(401), "watch", "watch", "slow", true],
    ["403 of the list", status(403), "list", "list", "slow", true],
    ["429 of the watch", status(429), "watch", "watch", "backoff", true],
    ["429 of the list", status(429), "list", "list", "backoff", true],
    ["500 of the watch", status(500), "watch", "list", "backoff", true],
    ["504 of the list", status(504), "list", "list", "backoff", true],
    ["a refused connection", new Error("ECONNREFUSED"), "watch", "watch", "backoff", true],
    ["a lost connection", new Error("other side closed"), "watch", "watch", "backoff", true],
    ["no answer in time", new ApiTimeout(1), "list", "list", "backoff", true],
    ["no credentials", signIn, "watch", "watch", "backoff", true],
    ["a broken line", new BrokenStream("x"), "watch", "list", "backoff", true],
    ["a watch past its deadline", new WatchOverdue(1), "watch", "list", "none", true],
  ] as const)("by %s the next step, the wait and the state are known", (_what, error, during, next, wait, stale) => {
    expect(judgeFailure(error, during)).toMatchObject({ next, wait, stale });
  });

  it("the wait is as long as the server asks for, but no longer than a minute", () => {
    expect(judgeFailure(apiError(429, "{}", "7"), "watch").atLeastMs).toBe(7_000);
    expect(judgeFailure(apiError(503, "{}", "3600"), "watch").atLeastMs).toBe(60_000);
    expect(judgeFailure(apiError(503, "{}", "Wed, 21 Oct 2015 07:28:00 GMT"), "watch").atLeastMs).toBe(0);
  });
});
