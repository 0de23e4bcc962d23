import { expiredError } from "@plinth/permissions";
import { type FastifyInstance, type FastifyReply, fastify, LogController, type RouteOptions } from "fastify";
import { type Access, accessOf } from "./access.ts";
import { problemOf } from "./error-problem.ts";
import { type GuardSources, guard } from "./guard.ts";
import { HttpProblem, problemType } from "./problem.ts";
import { RequestLog } from "./request-log.ts";
import { requestValidators } from "./request-validator.ts";
import type { HttpLimits } from "./settings.ts";
import type { TrackedRequest } from "./tracked-request.ts";

export interface AppOptions extends GuardSources {
  readonly module: string;
  readonly limits: HttpLimits;
  /** Is told of each route, as `GET /tickets/:id`, and its path before it is added; throws to refuse it. */
  readonly onRoute: (name: string, url: string) => void;
}

/**
 * A Fastify instance for the routes of one module. It listens nowhere: requests are handed to its
 * `routing`. Every route on it, also one of a plugin, is guarded by the access in its `config`.
 */
export function createApp({ module, limits, onRoute, ...sources }: AppOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: limits.bodyLimit,
    trustProxy: limits.trustProxy,
    genReqId: (request) => (request as TrackedRequest).requestId,
    loggerInstance: new RequestLog(() => sources.log, { servedBy: module }),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true },
    schemaController: requestValidators(() => sources.log),
    frameworkErrors: (error, request, reply) => {
      sendProblem(reply as FastifyReply, problemOf(error, request.id, sources.authentication.challenge));
    },
  });
  const routes: RouteOptions[] = [];
  app.decorateRequest("principal");
  app.addHook("onRoute", (route) => {
    onRoute(nameOf(route), route.url);
    routes.push(route);
    guardRoute(route, sources);
  });
  app.addHook("onReady", async () => {
    for (const route of routes) {
      refuseExpired(route, sources);
      warnOfNobody(route, sources);
    }
  });
  app.setNotFoundHandler((request, reply) => {
    const { path } = request.raw as TrackedRequest;
    sendProblem(reply, new HttpProblem(404, `There is no ${request.method} ${path} here.`));
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id, sources.authentication.challenge);
    if (problem.statusCode >= 500 && problem !== error) {
      const reason = error instanceof Error ? error.message : String(error);
      sources.log.error({ err: error, requestId: request.id, servedBy: module }, `a request failed: ${reason}`);
    }
    sendProblem(reply, problem);
  });
  return app as unknown as FastifyInstance;
}

/** Marks the request with its route and checks its access, after the hooks that plugins have put before all routes. */
function guardRoute(route: RouteOptions, sources: GuardSources): void {
  let check: ReturnType<typeof guard>;
  const others = [route.onRequest ?? []].flat();
  route.onRequest = [
    (request, _reply, done) => {
      (request.raw as TrackedRequest).route = route.url;
      done();
    },
    ...others,
    function (request, reply, done) {
      // Not before the first request, since later onRoute hooks of plugins may state the access.
      check ??= guard(statedAccess(route), sources);
      check.call(this, request, reply, done);
    },
  ];
}

/** @throws PlatformError for a route whose permission was retired so long ago that nobody gets through. */
function refuseExpired(route: RouteOptions, { permissions }: GuardSources): void {
  const permission = permissions.get(statedAccess(route)?.permission ?? "");
  if (permission?.expired) throw expiredError(permission);
}

function warnOfNobody(route: RouteOptions, { permissions, log }: GuardSources): void {
  if (route.method === "HEAD") return;
  const access = statedAccess(route);
  const fields = { route: nameOf(route), permission: access?.permission };
  if (access === undefined) log.warn(fields, "a route states no access: nobody may call it");
  else if (access.permission !== undefined && permissions.get(access.permission) === undefined) {
    log.warn(fields, "a route names a permission that no module declares: nobody may call it");
  }
}

function statedAccess({ config }: RouteOptions): Access | undefined {
  return accessOf((config as { readonly access?: unknown } | undefined)?.access);
}

function nameOf({ method, url }: RouteOptions): string {
  return `${[method].flat().join("|")} ${url}`;
}

/** Bytes are sent as they are, so that a route's schema for its answers does not reshape the problem. */
function sendProblem(reply: FastifyReply, problem: HttpProblem): void {
  reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .header("content-type", problemType)
    .send(Buffer.from(JSON.stringify(problem.document)));
}
