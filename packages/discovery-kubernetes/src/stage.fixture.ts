import type { ServiceRegistry } from "@plinth/discovery";
import { createFakeClock, type FakeClock } from "@plinth/testing/clock";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { expect } from "vitest";
import { loggerInto, plainAccess, quiet } from "./cluster.fixture.ts";
import { createKubernetesRegistry, type KubernetesRegistryOptions } from "./kubernetes-registry.ts";

/** An API server, a clock that a test moves, and registries that use both. */
export interface Stage extends AsyncDisposable {
  readonly api: KubernetesApi;
  readonly clock: FakeClock;
  /** What registries have logged. */
  readonly logged: readonly string[];
  /** A registry that is closed with the stage. */
  connect(options?: Partial<KubernetesRegistryOptions>): ServiceRegistry;
  /** Lets time pass in steps, after each of which all that it sets off has ended. */
  pass(ms: number, stepMs?: number): Promise<void>;
}

/** Opens a stage for one test. When it is closed, no timer may be left. */
export async function openStage(defaults: Partial<KubernetesRegistryOptions> = {}): Promise<Stage> {
  const api = await startKubernetesApi();
  const clock = createFakeClock();
  const logged: string[] = [];
  const registries: ServiceRegistry[] = [];
  return {
    api,
    clock,
    logged,
    connect(options = {}) {
      const log = loggerInto(logged);
      const common = { access: plainAccess(api.url), clock, random: () => 0.5, log, env: {}, requestTimeoutMs: 1e9 };
      const registry = createKubernetesRegistry({ ...common, ...defaults, ...options });
      registries.push(registry);
      return registry;
    },
    async pass(ms, stepMs = 1_000) {
      for (let left = ms; left > 0; left -= stepMs) {
        await clock.advance(Math.min(stepMs, left));
        await quiet(() => `${api.requests.length} ${clock.pendingTimers} ${api.watches.length}`);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const registry of registries) await registry[Symbol.asyncDispose]();
      expect(clock.pendingTimers).toBe(0);
      await api[Symbol.asyncDispose]();
    },
  };
}
