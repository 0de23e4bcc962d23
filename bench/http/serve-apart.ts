import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pool } from "undici";
import { HttpDirectory } from "../../packages/http/src/http.ts";
import { createPlatform } from "../../packages/platform/src/create-platform.ts";

const answer: RequestListener = (_request, response) => {
  const body = JSON.stringify({ ticket: "17" });
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": body.length });
  response.end(body);
};

function listen(handle: RequestListener, where: { port: number; host: string } | string): Promise<number> {
  const server = createServer(handle);
  return new Promise((resolve) => {
    server.listen(where as string, () => {
      const address = server.address();
      resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
    });
  });
}

/** The least that handing a request to another process takes: node:http in both, and a pool of connections between. */
async function bare(): Promise<number> {
  const socketPath = path.join(tmpdir(), `plinth-bench-${process.pid}.sock`);
  const other = fork(import.meta.filename, ["other", socketPath], { stdio: "inherit" });
  await once(other, "message");
  const pool = new Pool("http://other", { socketPath, connections: null });
  return listen(
    (request, response) => {
      pool.dispatch(
        { method: "GET", path: request.url ?? "/", headers: request.rawHeaders.slice(0, 2) },
        {
          onRequestStart() {},
          onResponseStart: (controller, status) =>
            void response.writeHead(status, (controller.rawHeaders as Buffer[]).map(String)),
          onResponseData: (_, chunk) => void response.write(chunk),
          onResponseEnd: () => void response.end(),
          onResponseError: (_, error) => void response.destroy(error),
        },
      );
    },
    { port: 0, host: "127.0.0.1" },
  );
}

async function platform(isolated: readonly string[]): Promise<number> {
  const running = await createPlatform({
    root: path.join(import.meta.dirname, "apart"),
    settings: {
      isolation: { process: isolated },
      http: { port: 0 },
      database: { dataDir: "memory://" },
    },
  });
  await running.start();
  return running.service(HttpDirectory)?.address()?.port ?? 0;
}

const [kind = "", socketPath = ""] = process.argv.slice(2);
if (kind === "other") {
  await listen(answer, socketPath);
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
} else {
  const port = await (kind === "bare" ? bare() : platform(kind === "apart" ? ["tickets"] : []));
  process.on("disconnect", () => process.exit());
  process.send?.({ port });
}
