import { createServer, type Server } from "node:http";
import { answerRequest } from "./answer-request.ts";
import type { ControlledPlatform } from "./controlled.ts";
import { writeEvents } from "./event-lines.ts";
import { type ControlChange, type ControlStatus, controlVersion } from "./protocol.ts";

/** The server behind the control socket; it listens nowhere yet. */
export function createControlServer(platform: ControlledPlatform, status: () => Promise<ControlStatus>): Server {
  const inTurn = oneAfterAnother();
  return createServer((request, response) => {
    // Nobody sends a body; what somebody sends all the same is thrown away.
    request.resume();
    const asked = `${request.method} ${request.url}`;
    if (asked === `GET /${controlVersion}/events`) return writeEvents(platform, response);
    void answerRequest(asked, { platform, status, inTurn }).then((answer) => {
      const text = JSON.stringify(answer.body);
      response.writeHead(answer.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
}

function oneAfterAnother(): (change: () => Promise<ControlChange>) => Promise<ControlChange> {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const result = last.then(change);
    last = result.catch(() => undefined);
    return result;
  };
}
