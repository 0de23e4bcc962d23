import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Clock, Logger, PlatformHost } from "@plinth/module";
import type { PermissionCatalogue } from "@plinth/permissions";
import { type Authentication, moduleNotRunning } from "./authentication.ts";
import { createEndpoints } from "./endpoints.ts";
import { createHealthProbe } from "./health-probe.ts";
import type { HeldRequests } from "./held-requests.ts";
import type { Http, HttpAddress } from "./http.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { moduleHttp } from "./module-http.ts";
import type { Mount } from "./mount.ts";
import type { MountTable } from "./mount-table.ts";
import { pathOf } from "./paths.ts";
import { HttpProblem } from "./problem.ts";
import { respondProblem } from "./respond.ts";
import { HttpServer } from "./server.ts";
import type { HttpLimits } from "./settings.ts";
import type { TrackedRequest } from "./tracked-request.ts";
import { waitFor } from "./wait.ts";

export interface HttpHostSources {
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly log: Logger;
  readonly platform: PlatformHost;
  readonly permissions: PermissionCatalogue;
  readonly mounts: MountTable;
  readonly held: HeldRequests;
  readonly authentication: Authentication;
}

/** The HTTP host of one platform while its module is up. */
export interface HttpHost {
  /** The service of the module whose place is `mount`. */
  serviceFor(mount: Mount): Http;
  /** The figures that `/metrics` shows. */
  readonly metrics: Metrics;
  /** Where it listens; `undefined` when it does not. */
  address(): HttpAddress | undefined;
  /** Begins to answer. */
  listen(): Promise<void>;
  /** Answers "not ready" from now on, and waits until those who send traffic have had time to notice. */
  drain(signal: AbortSignal): Promise<void>;
  /** Stops accepting requests, and lets those in progress end. */
  close(signal: AbortSignal): Promise<void>;
}

export function createHost(sources: HttpHostSources): HttpHost {
  const { limits, clock, log, platform, mounts, held } = sources;
  const metrics = createMetrics(platform);
  const health = createHealthProbe(platform, {
    clock,
    maxAgeMs: limits.healthMaxAgeMs,
    timeoutMs: limits.healthTimeoutMs,
  });
  const endpoints = createEndpoints({ platform, mounts, metrics, log, health, isDraining: () => server.turnsAway });
  const nextId = requestIds();

  function handle(request: TrackedRequest, response: ServerResponse): void {
    request.requestId = nextId();
    request.arrivedAt = clock.now();
    request.path = pathOf(request.url ?? "/");
    serve(request, response);
  }

  function serve(request: TrackedRequest, response: ServerResponse): void {
    const problem = route(request, response);
    if (problem !== undefined) respondProblem(response, problem);
  }

  /** Lets a request to a module that is being exchanged wait. Returns whether it does. */
  function park(module: string, request: TrackedRequest, response: ServerResponse): boolean {
    const forget = held.park(module, () => {
      response.off("close", leave);
      serve(request, response);
    });
    const leave = () => void forget?.();
    if (forget !== undefined) response.once("close", leave);
    return forget !== undefined;
  }

  /** Answers the request, or says why not. */
  function route(request: TrackedRequest, response: ServerResponse): HttpProblem | undefined {
    const { path, method = "GET" } = request;
    if (request.rawHeaders.length > limits.maxHeaderCount * 2) {
      response.shouldKeepAlive = false;
      return new HttpProblem(431, `There are more than ${limits.maxHeaderCount} headers.`);
    }
    const mount = mounts.find(path);
    const endpoint = endpoints.paths.get(path) ?? (path === "/" && mount === undefined ? endpoints.index : undefined);
    if (endpoint !== undefined) {
      request.route = path;
      if (method !== "GET" && method !== "HEAD") {
        return new HttpProblem(405, `${path} can only be read.`, { headers: { allow: "GET, HEAD" } });
      }
      endpoint(response);
      return undefined;
    }
    if (mount === undefined) return notFound(method, path);
    request.module = mount.module;
    if (!mount.isOpen && park(mount.module, request, response)) return undefined;
    if (!mount.isOpen) return moduleNotRunning(mount.module, stateOf(mount.module));
    if (!mount.hasRoutes) return notFound(method, path);
    request.mount = mount;
    mount.handle(request, response);
    return undefined;
  }

  function stateOf(module: string): string | undefined {
    return platform.status().modules.find(({ name }) => name === module)?.state;
  }

  function ended(request: TrackedRequest, response: ServerResponse): void {
    request.mount?.requestEnded();
    const { requestId, module, route, path, method = "" } = request;
    const status = response.writableFinished ? response.statusCode : clientGone;
    const durationMs = clock.now() - request.arrivedAt;
    metrics.observeRequest({ module, route, method, status }, durationMs / 1000);
    const traceId = traceIdOf(request);
    log.debug({ requestId, traceId, servedBy: module, method, path, route, status, durationMs }, "request");
  }

  const server = new HttpServer({ limits, clock, log, handle, ended });
  let stopNoting: (() => void) | undefined;
  return {
    serviceFor: (mount) => moduleHttp(mount, { ...sources, address: () => server.address }),
    metrics,
    address: () => server.address,
    async listen() {
      await server.listen();
      stopNoting = metrics.begin();
      log.info({ ...server.address }, `listening on ${server.address?.url}`);
    },
    async drain(signal) {
      server.turnsAway = true;
      if (server.address === undefined || limits.drainDelayMs === 0) return;
      await waitFor(clock, limits.drainDelayMs, signal, () => {});
    },
    async close(signal) {
      await server.close(signal);
      stopNoting?.();
    },
  };
}

/** What logs and metrics show as the status when the client left before the answer. */
const clientGone = 499;

function notFound(method: string, path: string): HttpProblem {
  return new HttpProblem(404, `There is no ${method} ${path} here.`);
}

/** Ids that are unique in this process, and most likely anywhere. */
function requestIds(): () => string {
  const start = randomBytes(6).toString("base64url");
  let count = 0;
  return () => {
    count++;
    return `${start}-${count.toString(36)}`;
  };
}

/** The trace that the request belongs to, from the W3C header `traceparent`. */
function traceIdOf(request: TrackedRequest): string | undefined {
  const parent = request.headers.traceparent;
  return typeof parent === "string"
    ? /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(parent)?.[1]
    : undefined;
}
