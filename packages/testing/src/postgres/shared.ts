import { createServer } from "node:http";
import { type Server, startServer } from "./server.ts";

/** Names the address at which the test run's shared server is asked for. */
export const sharedServerVariable = "PLINTH_TEST_POSTGRES_SHARED";

/** One server for a whole test run, made when the first test asks for it. */
export interface SharedServer {
  /** Where to ask: the answer to a GET is the server's address. */
  readonly address: string;
  /** Ends the server, if there is one. */
  stop(): Promise<void>;
}

/** Offers one server to several processes. It costs nothing until somebody asks. */
export async function offerSharedServer(): Promise<SharedServer> {
  let server: Promise<Server> | undefined;
  const desk = createServer((_request, response) => {
    server ??= startServer();
    server.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    desk.once("error", reject);
    desk.listen(0, "127.0.0.1", resolve);
  });
  desk.unref();
  const address = desk.address();
  return {
    address: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`,
    async stop() {
      desk.close();
      desk.closeAllConnections();
      const started = await server?.catch(() => undefined);
      await started?.stop();
    },
  };
}

/** Asks for the shared server of the test run that this process belongs to; `undefined` outside of one. */
export async function askForSharedServer(): Promise<string | undefined> {
  const address = process.env[sharedServerVariable];
  if (address === undefined) return undefined;
  const response = await fetch(address);
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return answer;
}
