import { createServer, type Server, type ServerResponse } from "node:http";
import type { Clock, Logger } from "@plinth/module";
import type { ChangeReport } from "../change/change-report.ts";
import { answerRequest } from "./answer-request.ts";
import type { ControlledPlatform } from "./controlled.ts";
import { writeEvents } from "./event-lines.ts";
import { type ControlStatus, controlVersion } from "./protocol.ts";

/** The server behind a control socket. */
export interface ControlServer {
  /** Listens nowhere yet. */
  readonly server: Server;
  /** Ends all connections, those that events are written to after their last one. */
  close(): Promise<void>;
}

/** Readers that are slower than this miss the last events. */
const lastEventsMs = 200;

export function createControlServer(
  platform: ControlledPlatform,
  status: () => Promise<ControlStatus>,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
): ControlServer {
  const inTurn = oneAfterAnother();
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    // Nobody sends a body; what somebody sends all the same is thrown away.
    request.resume();
    const asked = `${request.method} ${request.url}`;
    if (asked === `GET /${controlVersion}/events`) {
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return writeEvents(platform, response);
    }
    void answerRequest(asked, { platform, status, log, inTurn }).then((answer) => {
      const text = JSON.stringify(answer.body);
      response.writeHead(answer.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  return {
    server,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      const timer = clock.timer(lastEventsMs, () => server.closeAllConnections());
      await Promise.all([...streams].map((stream) => new Promise<void>((resolve) => void endOf(stream, resolve))));
      timer.cancel();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Calls `onEnd` when everything that was written has left this process, or cannot any more. */
function endOf(stream: ServerResponse, onEnd: () => void): void {
  stream.on("close", onEnd);
  stream.end(onEnd);
}

function oneAfterAnother(): (change: () => Promise<ChangeReport>) => Promise<ChangeReport> {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const result = last.then(change);
    last = result.catch(() => undefined);
    return result;
  };
}
