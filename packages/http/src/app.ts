import type { Logger } from "@plinth/module";
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
  type onRequestHookHandler,
  type RouteOptions,
} from "fastify";
import { type Access, accessOf } from "./access.ts";
import { problemOf } from "./error-problem.ts";
import { HttpProblem, problemType } from "./problem.ts";
import { RequestLog } from "./request-log.ts";
import { requestValidators } from "./request-validator.ts";
import type { HttpLimits } from "./settings.ts";
import type { TrackedRequest } from "./tracked-request.ts";

export interface AppOptions {
  readonly module: string;
  readonly limits: Pick<HttpLimits, "bodyLimit" | "trustProxy">;
  readonly log: Logger;
  /** Is told of each route, as `GET /tickets/:id`, and its path before it is added; throws to refuse it. */
  readonly onRoute: (name: string, url: string) => void;
  /** Is told of each route when no more are added; throws to refuse it. */
  readonly onReady: (route: KnownRoute) => void;
  /** Makes the hook that lets a request through to a route of this access, or not. */
  readonly guard: (access: Access | undefined) => onRequestHookHandler;
  /** What a 401 to this request says of how to sign in. */
  readonly challenge: (request: FastifyRequest) => string;
}

/** A route of a module, whether the module added it or one of its plugins. */
export interface KnownRoute {
  /** As in `GET /tickets/:id`. */
  readonly name: string;
  /** `undefined` where it states none, or more than one. */
  readonly access: Access | undefined;
  readonly options: RouteOptions;
}

/**
 * A Fastify instance for the routes of one module. It listens nowhere: requests are handed to its
 * `routing`. Every route on it, also one of a plugin, is guarded by the access in its `config`.
 */
export function createApp({ module, limits, log, ...sources }: AppOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: limits.bodyLimit,
    trustProxy: limits.trustProxy,
    genReqId: (request) => (request as TrackedRequest).requestId,
    loggerInstance: new RequestLog(() => log, { servedBy: module }),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true },
    schemaController: requestValidators(() => log),
    frameworkErrors: (error, request, reply) => {
      sendProblem(reply as FastifyReply, problemOf(error, request.id, sources.challenge(request)));
    },
  });
  const routes: RouteOptions[] = [];
  app.decorateRequest("principal");
  app.addHook("onRoute", (route) => {
    sources.onRoute(nameOf(route), route.url);
    routes.push(route);
    guardRoute(route, sources);
  });
  app.addHook("onReady", async () => {
    for (const options of routes) sources.onReady({ name: nameOf(options), access: statedAccess(options), options });
  });
  app.setNotFoundHandler((request, reply) => {
    const { path } = request.raw as TrackedRequest;
    sendProblem(reply, new HttpProblem(404, `There is no ${request.method} ${path} here.`));
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id, sources.challenge(request));
    if (problem.statusCode >= 500 && problem !== error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ err: error, requestId: request.id, servedBy: module }, `a request failed: ${reason}`);
    }
    sendProblem(reply, problem);
  });
  return app as unknown as FastifyInstance;
}

/** Marks the request with its route and checks its access, after the hooks that plugins have put before all routes. */
function guardRoute(route: RouteOptions, { guard }: Pick<AppOptions, "guard">): void {
  let check: onRequestHookHandler;
  const others = [route.onRequest ?? []].flat();
  route.onRequest = [
    (request, _reply, done) => {
      (request.raw as TrackedRequest).route = route.url;
      done();
    },
    ...others,
    function (request, reply, done) {
      // Not before the first request, since later onRoute hooks of plugins may state the access.
      check ??= guard(statedAccess(route));
      check.call(this, request, reply, done);
    },
  ];
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
