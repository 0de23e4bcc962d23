import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { integrityOf } from "../integrity/integrity.ts";

/** A package registry on this machine that has one package in one version; it is closed when the test ends. */
export async function registryWith(name: string, version: string, archive: Buffer): Promise<string> {
  const server = createServer((request, response) => {
    const base = `http://${request.headers.host}`;
    if (decodeURIComponent(request.url ?? "").startsWith(`/${name}`) && !request.url?.endsWith(".tgz")) {
      const dist = { tarball: `${base}/archive.tgz`, integrity: integrityOf(archive) };
      const versions = { [version]: { name, version, dist, scripts: { prepare: "exit 1" } } };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
    } else if (request.url === "/archive.tgz") response.end(archive);
    else {
      response.statusCode = 404;
      response.end("{}");
    }
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
