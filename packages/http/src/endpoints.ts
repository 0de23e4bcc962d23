import type { ServerResponse } from "node:http";
import type { Logger, ModuleHealth, PlatformHost } from "@plinth/module";
import type { Metrics } from "./metrics.ts";
import type { MountTable } from "./mount-table.ts";
import { HttpProblem, problemKinds } from "./problem.ts";
import { judgeReadiness, takesTraffic } from "./readiness.ts";
import { respond, respondJson, respondProblem } from "./respond.ts";

export interface EndpointSources {
  readonly platform: PlatformHost;
  readonly mounts: MountTable;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The health of the running modules; `undefined` when the checks did not end in time. */
  readonly health: () => Promise<readonly ModuleHealth[] | undefined>;
  /** Whether the host has been told to withdraw from traffic. */
  readonly isDraining: () => boolean;
}

/** What the host answers itself, by path. */
export type Endpoints = ReadonlyMap<string, (response: ServerResponse) => void>;

/** The endpoints for those who run the platform: `/livez`, `/readyz`, `/metrics`, and a list of what is where. */
export function createEndpoints(sources: EndpointSources): { readonly paths: Endpoints; readonly index: Endpoint } {
  const { metrics, log } = sources;
  const safely = (answer: (response: ServerResponse) => Promise<void>) => (response: ServerResponse) => {
    answer(response).catch((error: unknown) => {
      log.error({ err: error }, "an endpoint of the platform failed");
      if (!response.headersSent) respondProblem(response, new HttpProblem(500));
    });
  };
  return {
    paths: new Map([
      ["/livez", (response: ServerResponse) => respondJson(response, 200, { status: "alive" })],
      ["/readyz", safely((response) => readyz(response, sources))],
      ["/metrics", safely(async (response) => respond(response, 200, metrics.contentType, await metrics.render()))],
    ]),
    index: (response) => respondJson(response, 200, index(sources)),
  };
}

type Endpoint = (response: ServerResponse) => void;

async function readyz(response: ServerResponse, sources: EndpointSources): Promise<void> {
  const { platform, isDraining } = sources;
  const asked = takesTraffic(platform.status()) && !isDraining() ? await sources.health() : [];
  const draining = isDraining();
  const judged = judgeReadiness(platform.status(), asked ?? []);
  if (judged.ready && asked !== undefined && !draining) {
    const { modules, warnings } = judged;
    respondJson(response, 200, { status: "ready", state: judged.state, modules, warnings });
    return;
  }
  const state = draining && judged.ready ? "draining" : judged.state;
  const detail = asked === undefined ? "The health checks did not end in time." : reasonOf(state);
  const { modules, warnings } = judged;
  const options = {
    type: problemKinds.notReady,
    headers: { "retry-after": "1" },
    members: { state, modules, warnings },
  };
  respondProblem(response, new HttpProblem(503, detail, options));
}

function reasonOf(state: string): string {
  if (state === "running" || state === "degraded") return "A critical module has failed, or fails its health checks.";
  return `The platform is ${state}.`;
}

function index({ platform, mounts }: EndpointSources) {
  const states = new Map(platform.status().modules.map(({ name, state }) => [name, state]));
  const modules = mounts.list().map(({ module, prefix }) => ({ name: module, prefix, state: states.get(module) }));
  return { modules };
}
