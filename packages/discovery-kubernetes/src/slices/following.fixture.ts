import type { RegistryError, ServiceInstance } from "@plinth/discovery";
import { createFakeClock, type FakeClock } from "@plinth/testing/clock";
import {
  type ApiRequest,
  type KubernetesApi,
  type KubernetesApiOptions,
  startKubernetesApi,
} from "@plinth/testing/kubernetes";
import type { ApiAccess } from "../access/api-access.ts";
import { ApiClient } from "../api/api-client.ts";
import { eventually, loggerInto, plainAccess, quiet } from "../cluster.fixture.ts";
import { followSlices, type SliceFollowing } from "./follow-slices.ts";

/** What the sink was told, in order. */
export type Told =
  | {
      readonly type: "published";
      readonly ids: readonly string[];
      readonly instances: readonly ServiceInstance[];
      readonly revision: string;
    }
  | { readonly type: "confirmed" }
  | { readonly type: "fault"; readonly error: RegistryError };

/** A follower of the service `users` on a simulator, with a clock that stands still. */
export interface Following extends AsyncDisposable {
  readonly api: KubernetesApi;
  readonly clock: FakeClock;
  readonly told: readonly Told[];
  readonly logged: readonly string[];
  /** The ids published last. */
  readonly ids: readonly string[] | undefined;
  readonly published: readonly Extract<Told, { type: "published" }>[];
  /** Whether the last thing told was no fault. */
  readonly live: boolean;
  requests(verb: "list" | "watch"): readonly ApiRequest[];
  /** Waits until a watch is open. */
  watching(): Promise<void>;
  /** Lets fake time pass in steps, and what each step sets off go over the network before the next. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Ends the follower, and resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts the simulator, and a follower on it. */
export async function startFollowing(
  options: Partial<SliceFollowing> & {
    readonly server?: KubernetesApiOptions;
    readonly access?: (api: KubernetesApi, clock: FakeClock) => ApiAccess;
    readonly before?: (api: KubernetesApi) => void;
    readonly requestTimeoutMs?: number;
  } = {},
): Promise<Following> {
  const { server, access, before, requestTimeoutMs = 1e9, ...following } = options;
  const api = await startKubernetesApi(server);
  before?.(api);
  const clock = createFakeClock();
  const client = new ApiClient({ access: access?.(api, clock) ?? plainAccess(api.url), clock, requestTimeoutMs });
  const told: Told[] = [];
  const logged: string[] = [];
  const ending = new AbortController();
  const open = followSlices({
    client,
    namespace: "default",
    clock,
    log: loggerInto(logged),
    random: () => 0.5,
    preferredFamily: "IPv4",
    holdMs: 100,
    maxLineBytes: 1024 * 1024,
    ...following,
  });
  const ended = open(
    "users",
    {
      publish: (instances, revision) =>
        void told.push({ type: "published", ids: instances.map(({ id }) => id).sort(), instances, revision }),
      confirm: () => void told.push({ type: "confirmed" }),
      fault: (error) => void told.push({ type: "fault", error }),
    },
    ending.signal,
  );
  const end = async (): Promise<void> => {
    ending.abort();
    await ended;
  };
  const publishedOf = () => told.filter((one) => one.type === "published");
  return {
    api,
    clock,
    told,
    logged,
    get ids() {
      return publishedOf().at(-1)?.ids;
    },
    get published() {
      return publishedOf();
    },
    get live() {
      return told.length > 0 && told.at(-1)?.type !== "fault";
    },
    requests: (verb) => api.requests.filter((request) => request.verb === verb),
    watching: async () => void (await eventually("a watch is open", () => api.watches.length > 0)),
    async pass(ms, stepMs = 1_000) {
      for (let left = ms; left > 0; left -= stepMs) {
        await clock.advance(Math.min(stepMs, left));
        await quiet(() => `${api.requests.length} ${clock.pendingTimers} ${told.length} ${api.watches.length}`);
      }
    },
    end,
    async [Symbol.asyncDispose]() {
      await end();
      await client.close();
      await api[Symbol.asyncDispose]();
    },
  };
}
