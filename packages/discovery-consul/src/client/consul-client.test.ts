import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type ConsulOptions, checkOptions } from "../consul-options.ts";
import { type ConsulClient, createConsulClient } from "./consul-client.ts";

const open: (Server | ConsulClient)[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) {
    if ("closeAllConnections" in one) one.closeAllConnections();
    await one.close();
  }
});

/** A client of a server that answers as told, and what the server was asked. */
async function setup(
  respond: (request: IncomingMessage, response: ServerResponse) => void,
  options: ConsulOptions = {},
  path = "",
) {
  const asked: { readonly url: string | undefined; readonly headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    asked.push({ url: request.url, headers: request.headers, body });
    respond(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = createConsulClient(checkOptions({ url: `http://user:secret@127.0.0.1:${port}${path}`, ...options }));
  open.push(client, server);
  return { client, asked, port };
}

const purpose = { action: "test", grant: "nothing" };

describe("the client of the agent", () => {
  it("sends the token as a header, namespace and partition with each request, and escapes paths", async () => {
    const options = { token: "t-1", namespace: "team a", partition: "west" };
    const { client, asked } = await setup((_, response) => response.end("[]"), options, "/consul/");
    const query = { stale: "", dc: undefined, filter: 'a == "b"' };
    const answer = await client.request({ ...purpose, path: ["agent", "service", "a/b:c"], query });
    expect(answer.json()).toEqual([]);
    expect(asked[0]?.url).toBe(
      "/consul/v1/agent/service/a%2Fb%3Ac?ns=team%20a&partition=west&stale&filter=a%20%3D%3D%20%22b%22",
    );
    expect(asked[0]?.headers).toMatchObject({ "x-consul-token": "t-1" });
  });

  it("sends a body as JSON, and no token where there is none", async () => {
    const { client, asked } = await setup((_, response) => response.end());
    await client.request({ ...purpose, method: "PUT", path: ["x"], body: { a: "ü" } });
    expect(asked[0]).toMatchObject({ body: '{"a":"ü"}', headers: { "content-type": "application/json" } });
    expect(asked[0]?.headers).not.toHaveProperty("x-consul-token");
  });

  it.each([
    [400, "Invalid wait time", "DISCOVERY_INVALID", "to test, Consul answered 400: Invalid wait time"],
    [500, "Failed to create boolean expression evaluator: 1:8", "DISCOVERY_INVALID", "evaluator: 1:8"],
    [401, "", "DISCOVERY_DENIED", "refused to test: no reason given"],
    [403, "Permission denied.\n", "DISCOVERY_DENIED", "refused to test: Permission denied"],
    [429, "slow", "DISCOVERY_THROTTLED", "it answered 429: slow"],
    [500, "No cluster leader", "DISCOVERY_UNAVAILABLE", "could not test: it answered 500: No cluster leader"],
    [503, "", "DISCOVERY_UNAVAILABLE", "it answered 503"],
    [301, "", "DISCOVERY_UNAVAILABLE", "it answered 301"],
  ])("takes %i %s for %s", async (status, body, code, text) => {
    const { client } = await setup((_, response) => response.writeHead(status).end(body));
    const failure = expect(client.request({ ...purpose, path: ["x"] })).rejects;
    await failure.toMatchObject({ code, message: expect.stringContaining(text) });
  });

  it("names the agent without what the URL keeps secret", async () => {
    const { client, port } = await setup((_, response) => response.end("<html>"));
    expect(client.registry).toBe(`http://127.0.0.1:${port}`);
    const answer = await client.request({ ...purpose, path: ["x"] });
    expect(() => answer.json()).toThrow(`could not test: it answered with no JSON: <html>`);
  });

  it("gives up at the limit, also in the middle of an answer", async () => {
    const { client, port } = await setup((_, response) => void response.writeHead(200).write("[1,"));
    await expect(client.request({ ...purpose, path: ["x"], limitMs: 60 })).rejects.toMatchObject({
      code: "DISCOVERY_TIMEOUT",
      message: `the registry at http://127.0.0.1:${port} did not test within 60 ms`,
    });
  });

  it("ends with its signal, before and midway", async () => {
    const { client, asked } = await setup(() => {});
    const controller = new AbortController();
    const asking = client.request({ ...purpose, path: ["x"], signal: controller.signal });
    const failure = expect(asking).rejects.toMatchObject({ code: "DISCOVERY_ABORTED" });
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("enough"));
    await failure;
    await expect(client.request({ ...purpose, path: ["x"], signal: controller.signal })).rejects.toMatchObject({
      message: "gave up before it could test: enough",
    });
    expect(asked).toHaveLength(1);
  });

  it("tells why there is no connection", async () => {
    const client = createConsulClient(checkOptions({ url: "http://127.0.0.1:1" }));
    open.push(client);
    await expect(client.request({ ...purpose, path: ["x"] })).rejects.toMatchObject({
      code: "DISCOVERY_UNAVAILABLE",
      message: "the registry at http://127.0.0.1:1 could not test: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  it("tells which file of TLS or token cannot be read", async () => {
    const tls = { caFile: "/nowhere/ca.pem" };
    const secure = createConsulClient(checkOptions({ url: "https://127.0.0.1:1", tls }));
    const signing = createConsulClient(checkOptions({ url: "http://127.0.0.1:1", tokenFile: "/nowhere/token" }));
    open.push(secure, signing);
    await expect(secure.request({ ...purpose, path: ["x"] })).rejects.toMatchObject({
      code: "DISCOVERY_SIGN_IN",
      message: "could not sign in to https://127.0.0.1:1: /nowhere/ca.pem cannot be read (ENOENT)",
    });
    await expect(signing.request({ ...purpose, path: ["x"] })).rejects.toMatchObject({
      code: "DISCOVERY_SIGN_IN",
      message: expect.stringContaining("the token file /nowhere/token cannot be read (ENOENT)"),
    });
  });
});
