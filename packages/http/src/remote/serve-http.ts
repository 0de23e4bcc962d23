import { validateHeaderValue } from "node:http";
import type { Logger, RemoteLink } from "@plinth/module";
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from "fastify";
import type { Pool } from "undici";
import { type Authentication, moduleNotRunning } from "../authentication.ts";
import type { AuthenticateOptions, Http, HttpRequest } from "../http.ts";
import type { MountTable } from "../mount-table.ts";
import { respondProblem } from "../respond.ts";
import type { HttpLimits } from "../settings.ts";
import { makeDoor, type PrivateDoor } from "./door.ts";
import {
  type HttpBeginning,
  passportHeaders,
  problemFrom,
  type RemoteRoute,
  type SignInAnswer,
  type SignInQuestion,
  tokenHeader,
} from "./exchange.ts";
import { forward } from "./forward.ts";
import { takeLog } from "./remote-log.ts";

/** What the host's end of the service needs besides the service. */
export interface HttpSurroundings {
  readonly limits: HttpLimits;
  readonly log: Logger;
  readonly mounts: MountTable;
  readonly authentication: Authentication;
}

/**
 * Lets a module in another process have routes and sign requests in. Each of its routes becomes one of
 * the host's that hands requests on, so that everything around a route is as for other modules.
 */
export function serveHttp(http: Http, link: RemoteLink, surroundings: HttpSurroundings): void {
  const { limits, log, mounts, authentication } = surroundings;
  takeLog(link, log);
  link.handle("begin", (): HttpBeginning => {
    const { bodyLimit, trustProxy, maxHeaderSize, maxHeaderCount } = limits;
    return {
      prefix: http.prefix,
      address: http.address(),
      limits: { bodyLimit, trustProxy, maxHeaderSize, maxHeaderCount },
      places: mounts.list().map(({ module, prefix }) => ({ module, prefix })),
      authenticatedBy: authentication.takenFor(link.module.name),
    };
  });
  link.handle("authenticate", ([options]) => {
    const { challenge } = (options ?? {}) as AuthenticateOptions;
    if (challenge !== undefined) validateHeaderValue("www-authenticate", challenge);
    http.authenticate((request) => signIn(request, link), challenge === undefined ? {} : { challenge });
  });
  link.handle("mount", () => {
    void http.fastify.register((app) => openRoutes(app, link, surroundings));
  });
}

/** Runs when the module has started: it has added all routes, and its plugins may add theirs now. */
async function openRoutes(app: FastifyInstance, link: RemoteLink, surroundings: HttpSurroundings): Promise<void> {
  const { Pool } = await import("undici");
  const door = makeDoor();
  const connections = new Pool("http://module", {
    socketPath: door.path,
    connections: null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: mostHeaderBytes,
  });
  app.addHook("onClose", async () => {
    door[Symbol.dispose]();
    await connections.destroy();
  });
  const routes = await link.call<readonly RemoteRoute[]>("open", [{ path: door.path, token: door.token }]);
  const handler = handing(connections, door, link, surroundings);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _body, done) => done(null));
  for (const { method, url, access, constraints = {} } of routes) {
    if (Object.values(constraints).some((value) => typeof value !== "string")) {
      throw new TypeError(`the constraints of ${url} are not all texts`);
    }
    // The module's process lists what answers HEAD too, and knows limits and schemas.
    app.route({ method, url, constraints, exposeHeadRoute: false, config: { access }, handler });
  }
}

/** What headers of an answer may come to. In the host's own process there is no such limit. */
const mostHeaderBytes = 1_048_576;

function handing(
  connections: Pool,
  { token }: PrivateDoor,
  { module }: RemoteLink,
  { authentication, log }: HttpSurroundings,
): RouteHandlerMethod {
  return (request, reply) => {
    const { remoteAddress, remotePort } = request.raw.socket;
    const passport = passportHeaders({
      requestId: request.id,
      principal: (request as HttpRequest).principal,
      challenge: authentication.challenge,
      remoteAddress,
      remotePort,
    });
    reply.hijack();
    forward(connections, {
      request: request.raw,
      response: reply.raw,
      headers: [tokenHeader, token, ...passport],
      failed(error) {
        log.warn({ err: error, requestId: request.id }, `a request was not handed to ${module.name}: ${error.message}`);
        respondProblem(reply.raw, moduleNotRunning(module.name));
      },
    });
  };
}

/** Asks the module who a request is from. */
async function signIn(request: FastifyRequest, link: RemoteLink) {
  const { id: requestId, raw } = request;
  const { method = "GET", url = "/", headers } = raw;
  const { remoteAddress } = raw.socket;
  const question: SignInQuestion = { requestId, method, url, headers, remoteAddress };
  const answer = await link.call<SignInAnswer>("sign-in", [question]).catch((error: unknown) => {
    throw link.signal.aborted ? moduleNotRunning(link.module.name) : error;
  });
  if (!("problem" in answer)) return answer.principal;
  throw problemFrom(answer.problem);
}
