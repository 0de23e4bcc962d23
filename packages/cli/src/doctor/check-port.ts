import { createServer } from "node:net";
import { platformError } from "@plinth/module";
import { type Check, failed, passed } from "./check.ts";

/**
 * Whether the platform could listen there, or listens there already. Listens for a moment.
 *
 * @param whoHasIt says who listens there, if it is this platform; asked when somebody does.
 */
export async function checkPort(
  host: string,
  port: number,
  whoHasIt: () => Promise<string | undefined>,
): Promise<Check> {
  const place = `${host}:${port}`;
  const refusal = await listen(host, port);
  if (refusal === undefined) return passed("port", port === 0 ? `${host}, any free port` : `${place} is free`);
  const owner = refusal.code === "EADDRINUSE" ? await whoHasIt() : undefined;
  if (owner !== undefined) return passed("port", `${owner} listens on ${place}`);
  const reason = refusal.message;
  const problem =
    refusal.code === "EADDRINUSE"
      ? platformError("HTTP_PORT_BUSY", { host, port })
      : refusal.code === "EACCES"
        ? platformError("HTTP_PORT_DENIED", { host, port })
        : platformError("HTTP_LISTEN_FAILED", { host, port, reason });
  return failed("port", `${place} cannot be had`, [problem]);
}

/** Why one cannot listen there; `undefined` where one can. */
function listen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
