import { createFakeClock } from "@plinth/testing/clock";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, plainAccess } from "../cluster.fixture.ts";
import { ApiClient, type ApiClientOptions } from "./api-client.ts";
import { apiFault } from "./api-fault.ts";

const services = "/api/v1/namespaces/default/services";
const attempt = { registry: "https://x", namespace: "demo", action: "watch", role: "watching" } as const;

let api: KubernetesApi;
const clients: ApiClient[] = [];

beforeEach(async () => {
  api = await startKubernetesApi();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await api[Symbol.asyncDispose]();
});

function make(options: Partial<ApiClientOptions> = {}): ApiClient {
  const client = new ApiClient({ access: plainAccess(api.url), ...options });
  clients.push(client);
  return client;
}

const never = (): AbortSignal => new AbortController().signal;

describe("the API client", () => {
  it("gives up an answer, and a watch's beginning, that does not come in time", async () => {
    const clock = createFakeClock();
    const client = make({ clock, requestTimeoutMs: 5_000 });
    api.fail(() => ({ type: "silence" }));
    const calling = expect(client.call({ path: services }, never())).rejects.toThrow("no answer within 5000 ms");
    const watching = expect(client.watch({ path: services }, never())).rejects.toThrow("no answer within 5000 ms");
    await eventually("both were asked", () => api.requests.length === 2);
    await clock.advance(5_000);
    await Promise.all([calling, watching]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("gives up a sign-in that does not come in time", async () => {
    const clock = createFakeClock();
    const access = { ...plainAccess(api.url), credentials: () => new Promise<never>(() => {}) };
    const client = make({ access, clock, requestTimeoutMs: 5_000 });
    const calling = expect(client.call({ path: services }, never())).rejects.toThrow("no answer within 5000 ms");
    const watching = expect(client.watch({ path: services }, never())).rejects.toThrow("no answer within 5000 ms");
    await clock.advance(5_000);
    await Promise.all([calling, watching]);
  });

  it("rejects with the signal's reason when it is aborted", async () => {
    const controller = new AbortController();
    api.fail(() => ({ type: "silence" }));
    const calling = make().call({ path: services }, controller.signal);
    await eventually("it was asked", () => api.requests.length === 1);
    controller.abort(new RangeError("enough"));
    await expect(calling).rejects.toThrow("enough");
    await expect(make().watch({ path: services }, controller.signal)).rejects.toThrow("enough");
  });

  it("refuses an answer that is too long", async () => {
    api.fail(() => ({ type: "bytes", chunks: ["x".repeat(2_000)] }));
    await expect(make({ maxAnswerBytes: 1_000 }).call({ path: services }, never())).rejects.toThrow(
      "longer than 1000 bytes",
    );
  });

  it("shows what a proxy says that is no Status", async () => {
    api.fail(() => ({ type: "bytes", code: 502, chunks: [`<html>\n  bad   gateway ${"!".repeat(300)}</html>`] }));
    const error = await make()
      .call({ path: services }, never())
      .catch((thrown: unknown) => thrown);
    expect(apiFault(error, attempt)).toMatchObject({
      code: "DISCOVERY_UNAVAILABLE",
      message: expect.stringMatching(/could not watch: it answered 502: <html> bad gateway !+\.\.\.$/),
    });
  });

  it("asks with new credentials once after a 401, and no more", async () => {
    let renewed = 0;
    const access = {
      ...plainAccess(api.url),
      renew() {
        renewed += 1;
      },
    };
    api.fail(() => ({ type: "status", code: 401, reason: "Unauthorized", message: "Unauthorized" }));
    const error = await make({ access })
      .call({ path: services }, never())
      .catch((thrown: unknown) => thrown);
    expect(apiFault(error, attempt)).toMatchObject({
      code: "DISCOVERY_DENIED",
      fix: expect.stringContaining("a token or a client certificate that the API server accepts"),
    });
    expect(renewed).toBe(1);
    expect(api.requests).toHaveLength(2);
  });
});
