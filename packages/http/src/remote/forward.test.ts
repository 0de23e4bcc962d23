import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { request as rawRequest, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { serialize } from "node:v8";
import { type ConnectRemote, defineModule, type RemoteService } from "@plinth/module";
import { permissionsCapability } from "@plinth/permissions";
import { type LinkPair, linkPair } from "@plinth/testing/link";
import { Counter } from "prom-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpCapability } from "../capability.ts";
import { Driver, urlOf } from "../driver.fixture.ts";
import { Http, HttpDirectory } from "../http.ts";
import { Metrics, type ModuleMetrics } from "../module-metrics.ts";
import { lastAnswer, rawClient } from "../raw-client.fixture.ts";

const open = { public: true } as const;
// A place for sockets that no other test uses.
const place = mkdtempSync(path.join(tmpdir(), "doors-"));
const before = process.env.TMPDIR;
process.env.TMPDIR = place;
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(place, { recursive: true });
});
const doors = () => readdirSync(place);

/** What the handlers of the module under test have seen. */
class Seen {
  aborted = 0;
  written = 0;
  stalled = false;
  answers: ServerResponse[] = [];
}

function addRoutes(http: Http, seen: Seen): void {
  http.get("/pieces", open, (_request, reply) => {
    reply.raw.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    seen.answers.push(reply.raw);
    reply.hijack();
  });
  http.get("/waits", open, (request) => {
    return new Promise(() => {
      request.raw.on("close", () => seen.aborted++);
    });
  });
  http.get("/flood", open, (_request, reply) => {
    const { raw } = reply.hijack();
    raw.writeHead(200, { "content-length": String(mebibyte * 64) });
    const write = (): void => {
      while (seen.written < 64) {
        seen.written++;
        if (!raw.write(Buffer.alloc(mebibyte))) {
          seen.stalled = true;
          raw.once("drain", write);
          return;
        }
      }
      raw.end();
    };
    write();
  });
  http.fastify.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
  http.post("/echo", { ...open, bodyLimit: mebibyte * 64 }, (request, reply) =>
    reply.type("application/octet-stream").send(request.body),
  );
  http.post("/early", open, (_request, reply) => reply.code(202).send("enough"));
  http.get("/empty", open, (_request, reply) => reply.code(204).send());
  http.get("/unchanged", open, (_request, reply) => reply.code(304).header("etag", '"1"').send());
  http.get("/cookies", open, (_request, reply) =>
    reply.header("set-cookie", ["a=1", "b=2"]).header("x-latin", "caf\u00e9").send(Buffer.from("x")),
  );
  http.get("/who", open, ({ ip, id, headers, raw, protocol, host, principal = "nobody" }) => {
    const names = raw.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    return { ip, id, headers, names, protocol, host, principal };
  });
}

const mebibyte = 1024 * 1024;

describe("requests to a module in another process", () => {
  const seen = new Seen();
  const capability = httpCapability();
  const driver = new Driver([permissionsCapability(), capability], {
    http: { port: 0, drainDelay: "0ms", trustProxy: "127.0.0.1" },
  });
  let pair: LinkPair;
  let url: string;
  let directory: HttpDirectory;
  let metrics: ModuleMetrics;

  async function connect<T>(id: string, service: T): Promise<T> {
    const remote = capability.remotes?.find((one) => one.service.id === id) as RemoteService<T>;
    const link = id === Http.id ? pair : linkPair("files");
    remote.serve(service, link.host);
    const { default: make } = (await import(remote.entry)) as { default: ConnectRemote<T> };
    if (id !== Http.id) pair.host.signal.addEventListener("abort", link.end);
    return make(link.child);
  }

  beforeAll(async () => {
    const files = defineModule(
      { name: "files", version: "1.0.0" },
      {
        requires: { http: Http, directory: HttpDirectory, metrics: Metrics },
        setup(context) {
          context.lifecycle.onStart(async () => {
            pair = linkPair("files");
            addRoutes(await connect(Http.id, context.http), seen);
            directory = await connect(HttpDirectory.id, context.directory);
            metrics = await connect(Metrics.id, context.metrics);
            await turn();
          });
        },
      },
    );
    driver.add(files);
    await driver.start();
    url = urlOf(driver);
  });
  afterAll(() => driver.stop());

  test("an answer comes piece by piece, its head first", async () => {
    const response = await fetch(`${url}/files/pieces`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.getReader();
    const [answer] = seen.answers.splice(0);
    for (const piece of ["one", "two"]) {
      answer?.write(piece);
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(piece);
    }
    answer?.end();
    expect((await reader?.read())?.done).toBe(true);
  });

  test("a client that leaves ends the request over there, before and within the answer", async () => {
    const controller = new AbortController();
    const waiting = fetch(`${url}/files/waits`, { signal: controller.signal }).catch(() => {});
    const streaming = await fetch(`${url}/files/pieces`, { signal: controller.signal });
    const [answer] = seen.answers.splice(0);
    answer?.on("close", () => seen.aborted++);
    await expect.poll(() => driver.logged("request").length).toBeGreaterThan(0);
    controller.abort();
    await waiting;
    await streaming.text().catch(() => {});
    await expect.poll(() => seen.aborted).toBe(2);
  });

  test("a slow client slows the handler down, and gets everything in the end", async () => {
    const client = await rawClient(url);
    client.socket.pause();
    client.write("GET /files/flood HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await expect.poll(() => seen.stalled).toBe(true);
    for (let calm = 0, before = -1; calm < 20; calm = before === seen.written ? calm + 1 : 0) {
      before = seen.written;
      await turn();
    }
    expect(seen.written).toBeLessThan(32);
    client.socket.removeAllListeners("data");
    let bytes = 0;
    client.socket.on("data", (chunk) => {
      bytes += chunk.length;
    });
    client.socket.resume();
    await client.closed;
    expect(bytes).toBeGreaterThan(mebibyte * 64);
  });

  test("a large body goes through both ways, with its length and in chunks", async () => {
    const body = Buffer.alloc(mebibyte * 8, "plinth ");
    const headers = { "content-type": "application/octet-stream" };
    const whole = await fetch(`${url}/files/echo`, { method: "POST", headers, body });
    expect(body.equals(Buffer.from(await whole.arrayBuffer()))).toBe(true);
    const chunked = await new Promise<Buffer>((resolve, reject) => {
      const sent = rawRequest(`${url}/files/echo`, { method: "POST", headers }, (answer) => {
        buffer(answer).then(resolve, reject);
      });
      Readable.from([body.subarray(0, mebibyte), body.subarray(mebibyte)]).pipe(sent);
    });
    expect(body.equals(chunked)).toBe(true);
  });

  test("an answer that comes before the whole body leaves the connection usable", async () => {
    const client = await rawClient(url);
    client.write("POST /files/early HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n");
    client.write("Content-Length: 10\r\n\r\n12345");
    await expect.poll(() => lastAnswer(client.received())).toMatchObject({ status: 202, body: "enough" });
    client.write("67890GET /files/empty HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => lastAnswer(client.received()).status).toBe(204);
    client.socket.destroy();
  });

  test("answers without content, several headers of one name, and odd characters arrive as they are", async () => {
    const empty = await fetch(`${url}/files/empty`);
    expect([empty.status, empty.headers.get("content-length"), await empty.text()]).toEqual([204, null, ""]);
    const unchanged = await fetch(`${url}/files/unchanged`);
    expect([unchanged.status, unchanged.headers.get("etag")]).toEqual([304, '"1"']);
    const cookies = await fetch(`${url}/files/cookies`);
    expect(cookies.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(cookies.headers.get("x-latin")).toBe("caf\u00e9");
    const head = await fetch(`${url}/files/who`, { method: "HEAD" });
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(100);
    expect(await head.text()).toBe("");
  });

  test("handlers see the client's address and headers, and nothing of the way", async () => {
    const ann = serialize({ id: "ann" }).toString("base64url");
    const forged = { "x-plinth-token": "guess", "x-plinth-passport": "[]", "x-plinth-principal": ann };
    const headers = { "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", ...forged };
    const seen = (await (await fetch(`${url}/files/who`, { headers })).json()) as Record<string, unknown>;
    expect(seen).toMatchObject({ ip: "192.0.2.1", protocol: "https", host: new URL(url).host, principal: "nobody" });
    for (const name of Object.keys(forged)) {
      expect(seen.names).not.toContain(name);
      expect(seen.headers).not.toHaveProperty(name);
    }
    await expect.poll(() => driver.logged("request").some(({ requestId }) => requestId === seen.id)).toBe(true);
  });

  test("the socket is out of others' reach, and refuses whoever does not know the token", async () => {
    const [door = "", ...others] = doors();
    expect(others).toEqual([]);
    expect(statSync(path.join(place, door)).mode & 0o777).toBe(0o700);
    const headers = { "x-plinth-token": "guess", "x-plinth-passport": "[]" };
    const status = await new Promise((resolve, reject) => {
      const socketPath = path.join(place, door, "http.sock");
      const sent = rawRequest({ socketPath, path: "/files/who", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on("error", reject).end();
    });
    expect(status).toBe(403);
  });

  test("the directory is known there, and follows modules that come and go", async () => {
    expect([directory.address()?.url, directory.prefixOf("files"), directory.prefixOf("other")]).toEqual([
      url,
      "/files",
      undefined,
    ]);
    const other = { name: "other", version: "1.0.0" };
    driver.add(defineModule(other, { requires: { http: Http }, setup: ({ http }) => http.get("/", open, () => 1) }));
    await driver.check();
    await driver.startModule("other");
    await expect.poll(() => directory.prefixOf("other")).toBe("/other");
    await driver.stopModule("other");
    await expect.poll(() => directory.prefixOf("other")).toBeUndefined();
  });

  test("what is counted there is on /metrics, but nothing that would spoil the rest", async () => {
    const figures = async () => (await fetch(`${url}/metrics`)).text();
    const registers = [metrics.registry];
    new Counter({ name: "files_read_total", help: "Files read.", labelNames: ["kind"], registers }).inc(
      { kind: "a" },
      3,
    );
    new Counter({ name: "plinth_state", help: "Not theirs.", registers });
    const text = await figures();
    expect(text).toContain('files_read_total{kind="a"} 3');
    expect(text).not.toContain("Not theirs");
    expect(text).toContain("http_request_duration_seconds_count");
  });

  test("when the process is gone: 503 and no hang, an answer under way is cut off, its figures are gone", async () => {
    const streaming = await fetch(`${url}/files/pieces`);
    const reader = streaming.body?.getReader();
    const [answer] = seen.answers.splice(0);
    answer?.write("half");
    await reader?.read();
    const socket = answer?.req.socket as unknown as { readonly server: Server } | undefined;
    socket?.server.close();
    socket?.server.closeAllConnections();
    await expect(reader?.read()).rejects.toThrow("terminated");
    pair.end();
    const gone = await fetch(`${url}/files/empty`);
    expect([gone.status, gone.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await gone.json()).toMatchObject({ type: "urn:plinth:problem:module-not-running", module: "files" });
    expect(await (await fetch(`${url}/metrics`)).text()).not.toContain("files_read_total");
    await driver.stopModule("files");
    expect(doors()).toEqual([]);
  });
});
