import { createServer } from "node:http";
import { fastify } from "fastify";
import { app, createDriver, urlOf } from "../../packages/http/src/driver.fixture.ts";

/** Servers that answer `GET /tickets/:id` with the same small JSON; each resolves to its port. */
const servers: Readonly<Record<string, () => Promise<number>>> = {
  async "node:http"() {
    const server = createServer((_request, response) => {
      const body = JSON.stringify({ ticket: "17" });
      response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": body.length });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    return (server.address() as { port: number }).port;
  },
  async fastify() {
    const server = fastify();
    server.get<{ Params: { id: string } }>("/tickets/:id", (request) => Promise.resolve({ ticket: request.params.id }));
    return Number(new URL(await server.listen({ port: 0, host: "127.0.0.1" })).port);
  },
  async plinth() {
    const others = Array.from({ length: 20 }, (_, index) => app(`module-${index}`));
    const tickets = app("tickets", (http) => {
      http.get<{ Params: { id: string } }>("/:id", { public: true }, async ({ params }) => ({ ticket: params.id }));
      http.get<{ Params: { id: string } }>("/:id/guarded", { authenticated: true }, async ({ params }) => ({
        ticket: params.id,
      }));
    });
    const identity = app("identity", (http) => http.authenticate(() => ({ id: "ann" })));
    const driver = createDriver([identity, tickets, ...others]);
    await driver.start();
    driver.recording = false;
    return Number(new URL(urlOf(driver)).port);
  },
};

const name = process.argv[2] ?? "";
const port = await servers[name]?.();
let since = process.cpuUsage();
process.on("message", () => {
  const { user, system } = process.cpuUsage(since);
  since = process.cpuUsage();
  process.send?.({ cpuUs: user + system });
});
process.send?.({ port });
