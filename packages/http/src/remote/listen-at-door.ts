import { timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { FastifyInstance } from "fastify";
import { pathOf } from "../paths.ts";
import { HttpProblem } from "../problem.ts";
import { respondProblem } from "../respond.ts";
import { PassedRequest } from "./admit.ts";
import {
  type Door,
  type HttpBeginning,
  passportHeader,
  principalHeader,
  readPassport,
  tokenHeader,
} from "./exchange.ts";

/** Takes requests at the door from the host, and from nobody else, until the process ends. Resolves when it does. */
export function listenAtDoor(app: FastifyInstance, door: Door, limits: HttpBeginning["limits"]): Promise<void> {
  const token = Buffer.from(door.token);
  const server = createServer(
    {
      IncomingMessage: PassedRequest,
      // What the client may send is limited by the host, which adds headers of its own.
      maxHeaderSize: limits.maxHeaderSize + mostPassportBytes,
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      connectionsCheckingInterval: 0x7fff_ffff,
    },
    (request, response) => {
      if (!letIn(request, token)) respondProblem(response, new HttpProblem(403, "This socket is for the host alone."));
      else app.routing(request, response);
    },
  );
  server.maxHeadersCount = 0;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: door.path, backlog: mostWaiting }, resolve);
  });
}

/** Connections of the host that may wait while the process is busy; the system may allow fewer. */
const mostWaiting = 16_384;

/** Principals with many claims are still let through. */
const mostPassportBytes = 1_048_576;

function letIn(request: PassedRequest, token: Buffer): boolean {
  const { [tokenHeader]: shown, [passportHeader]: plain, [principalHeader]: principal } = request.headers;
  const given = Buffer.from(typeof shown === "string" ? shown : "");
  if (given.length !== token.length || !timingSafeEqual(given, token) || typeof plain !== "string") return false;
  for (const header of ownHeaders) hide(request, header);
  request.path = pathOf(request.url ?? "/");
  request.admit(readPassport(plain, typeof principal === "string" ? principal : undefined));
  return true;
}

const ownHeaders = [tokenHeader, passportHeader, principalHeader];

/** Handlers see what the client sent. */
function hide(request: PassedRequest, header: string): void {
  delete request.headers[header];
  const index = request.rawHeaders.indexOf(header);
  if (index >= 0) request.rawHeaders.splice(index, 2);
}
