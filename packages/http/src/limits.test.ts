import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { app, createDriver, type Driver, urlOf } from "./driver.fixture.ts";
import { lastAnswer, rawClient } from "./raw-client.fixture.ts";

const open = { public: true } as const;

describe.each([false, true])("limits on what a client may send, apart from the host: %s", (apart) => {
  let driver: Driver;
  let url: string;

  beforeAll(async () => {
    driver = createDriver(
      [
        app("a", (http) => {
          http.get("/", open, () => "fine");
          http.post("/", open, (request) => request.body);
        }),
      ],
      { headersTimeout: "200ms", requestTimeout: "400ms", maxHeaderSize: 4096, maxHeaderCount: 20, bodyLimit: 1000 },
      { apart },
    );
    await driver.start();
    url = urlOf(driver);
  });
  afterAll(() => driver.stop());

  async function answerTo(...parts: string[]) {
    const client = await rawClient(url);
    for (const part of parts) client.write(part);
    await client.closed;
    const answer = lastAnswer(client.received());
    return { ...answer, problem: answer.body === "" ? undefined : JSON.parse(answer.body) };
  }

  test("headers that do not come to an end are answered with 408, and the connection is closed", async () => {
    const answer = await answerTo("GET /a HTTP/1.1\r\nHost: x\r\nX-Slow:");
    expect(answer).toMatchObject({
      status: 408,
      problem: { status: 408, detail: "The request did not arrive in time." },
    });
    expect(answer.head).toContain("Content-Type: application/problem+json");
  });

  test("a body that does not come to an end is given up", async () => {
    const head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
    const client = await rawClient(url);
    client.write(`${head}{`);
    await client.closed;
    await expect.poll(() => driver.logged("request").at(-1)).toMatchObject({ method: "POST", path: "/a" });
  });

  test("headers over the size are answered with 431", async () => {
    const answer = await answerTo(`GET /a HTTP/1.1\r\nHost: x\r\nX-Large: ${"x".repeat(5000)}\r\n\r\n`);
    expect(answer).toMatchObject({ status: 431, problem: { detail: "The headers are too large." } });
  });

  test("more headers than allowed are answered with 431, and none is left out in silence", async () => {
    const headers = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join("");
    const request = (count: number) => `GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers(count)}\r\n`;
    expect(await answerTo(request(19))).toMatchObject({
      status: 431,
      problem: { detail: "There are more than 20 headers." },
    });
    expect(await answerTo(request(300))).toMatchObject({ status: 431 });
    expect(await answerTo(request(19).replace("Connection: close", "Connection: keep-alive"))).toMatchObject({
      status: 431,
    });
    const fine = await rawClient(url);
    fine.write(request(18));
    await fine.closed;
    expect(lastAnswer(fine.received())).toMatchObject({ status: 200, body: "fine" });
  });

  test("what is no request is answered with 400", async () => {
    expect(await answerTo("EHLO mail\r\n\r\n")).toMatchObject({
      status: 400,
      problem: { title: "Bad Request", detail: "This is not an HTTP request." },
    });
    expect(await answerTo("GET /a HTTP/1.1\r\n\r\n")).toMatchObject({ status: 400 });
  });

  test("a chunked body is cut off at the limit, however long it would be", async () => {
    const head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
    expect(await answerTo(head, chunk)).toMatchObject({ status: 413, problem: { status: 413 } });
  });

  test("an absolute target and one with an encoded path stay within their module", async () => {
    const status = async (target: string) =>
      (await answerTo(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).status;
    const client = await rawClient(url);
    client.write("GET http://elsewhere/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await client.closed;
    expect(lastAnswer(client.received())).toMatchObject({ status: 200, body: "fine" });
    expect([await status("/%61"), await status("/x/../a"), await status("*"), await status("/readyz/")]).toEqual([
      404, 404, 404, 404,
    ]);
  });

  test("a client that goes away in the middle does no harm", async () => {
    const client = await rawClient(url);
    client.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    client.socket.resetAndDestroy();
    await client.closed;
    expect((await fetch(`${url}/a`)).status).toBe(200);
  });
});

describe("an address that cannot be listened on", () => {
  async function failure(settings: Parameters<typeof createDriver>[1]) {
    const driver = createDriver([], settings);
    const error = await driver.start().catch((thrown: unknown) => thrown);
    const { code, message, fix } = error as { code: string; message: string; fix: string };
    return { code, message, fix };
  }

  test("a busy port is named, with the mend", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", () => resolve()));
    const { port } = holder.address() as { port: number };
    try {
      expect(await failure({ port })).toEqual({
        code: "HTTP_PORT_BUSY",
        message: `cannot listen on 127.0.0.1:${port}: another process does already`,
        fix: `Stop that process (on Linux, ss -ltnp 'sport = :${port}' names it), or choose another port: http.port in platform.yaml, or PLATFORM_HTTP__PORT.`,
      });
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  test("an address of another machine is named", async () => {
    expect(await failure({ host: "192.0.2.1" })).toMatchObject({
      code: "HTTP_LISTEN_FAILED",
      message: expect.stringMatching(/^cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL/),
    });
  });
});
