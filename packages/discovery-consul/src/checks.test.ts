import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import type { InstanceState, ServiceWatcher } from "@plinth/discovery";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, missing, type Stage, setStage, specOf } from "./real-agent.fixture.ts";

describe.skipIf(missing !== undefined)("an instance at a real agent", () => {
  let stage: Stage;
  let services = 0;
  const servers: (Server | Http2Server)[] = [];

  beforeAll(async () => {
    if (missing === undefined) stage = await setStage();
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await stage?.stop();
  });

  const name = (): string => {
    services += 1;
    return `reports-${services}`;
  };
  const state = (watcher: ServiceWatcher, wanted: InstanceState) =>
    eventually(`the state ${wanted}`, () => watcher.current?.instances.find((instance) => instance.state === wanted));

  it("is checked over HTTP: critical before the first answer, then by its status", async () => {
    const service = name();
    let status = 500;
    const server = createServer((_, response) => response.writeHead(status).end());
    servers.push(server);
    const endpoints = [{ name: "http", protocol: "http", host: "127.0.0.1", port: await listen(server) }];
    const checks = [{ type: "http", endpoint: "http", path: "/readyz", intervalMs: 1_000 } as const];
    const watcher = stage.connect().watch({ service });
    await stage.connect().register(specOf(service, { endpoints, checks }));
    await eventually("it shows", () => watcher.current?.instances.length === 1);
    expect(watcher.current?.instances[0]?.state).toBe("down");
    status = 204;
    await state(watcher, "up");
    status = 429;
    await state(watcher, "warning");
    status = 503;
    await state(watcher, "down");
  });

  it("is checked by the gRPC health protocol", async () => {
    const service = name();
    let serving = 1;
    const asked: string[] = [];
    const server = createHttp2Server();
    servers.push(server);
    server.on("stream", (stream, headers) => {
      asked.push(String(headers[":path"]));
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.resume();
      // A message of two bytes: field 1, the status.
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, serving]));
    });
    const endpoints = [{ name: "rpc", protocol: "grpc", host: "127.0.0.1", port: await listen(server) }];
    const checks = [{ type: "grpc", endpoint: "rpc", service: "tickets.v1", intervalMs: 1_000 } as const];
    const watcher = stage.connect().watch({ service });
    await stage.connect().register(specOf(service, { endpoints, checks }));
    await state(watcher, "up");
    expect(asked[0]).toBe("/grpc.health.v1.Health/Check");
    serving = 2;
    await state(watcher, "down");
  });

  it("that names no host is found at the node's address", async () => {
    const service = name();
    const endpoints = [
      { name: "http", protocol: "http", port: 8080 },
      { name: "rpc", protocol: "grpc", port: 9090 },
    ];
    const watcher = stage.connect().watch({ service });
    await stage.connect().register(specOf(service, { endpoints }));
    const { endpoints: found } = await state(watcher, "up");
    expect(found.map(({ host, port }) => [host, port])).toEqual([
      ["127.0.0.1", 8080],
      ["127.0.0.1", 9090],
    ]);
  });
});

async function listen(server: Server | Http2Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
