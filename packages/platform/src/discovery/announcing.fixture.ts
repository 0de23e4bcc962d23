import {
  createMemoryRegistry,
  createMemoryStore,
  type MemoryStore,
  type ServiceInstance,
  type ServiceRegistry,
} from "@plinth/discovery";
import { Http } from "@plinth/http";
import { defineModule, type HealthResult, type Lifecycle, type ModuleDefinition } from "@plinth/module";
import { createRecordingLog, type RecordingLog } from "@plinth/testing";
import { onTestFinished } from "vitest";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import type { PlatformOptions } from "../options.ts";
import { discoveryCapability } from "./capability.ts";

/** Waits of no consequence, so that a test need not wait either. */
export const quick = { drainGrace: "0s", healthInterval: "20ms" };

/** A platform whose registry is in a store that the test sees too. */
export interface Stage {
  readonly platform: RunnablePlatform;
  readonly store: MemoryStore;
  readonly log: RecordingLog;
  /** The instances of a service now. */
  instances(service: string): readonly ServiceInstance[];
  /** Where the HTTP host listens. */
  url(): string;
}

export interface StageOptions extends Omit<PlatformOptions, "log" | "capabilities"> {
  /** The settings of the module `discovery`. */
  readonly discovery?: Readonly<Record<string, unknown>>;
  readonly store?: MemoryStore;
  /** Instead of one in the store. */
  readonly registry?: ServiceRegistry;
}

/** Puts a platform together; it is stopped when the test has ended. */
export async function setStage({
  discovery,
  store = createMemoryStore(),
  registry,
  ...options
}: StageOptions): Promise<Stage> {
  const log = createRecordingLog();
  const own = registry ?? createMemoryRegistry({ store, backoff: { minMs: 10, maxMs: 20 } });
  const platform = await createPlatform({
    ...options,
    settings: { http: { port: 0, drainDelay: "0s" }, discovery: { ...quick, ...discovery }, ...options.settings },
    capabilities: [discoveryCapability({ registry: own })],
    log,
  });
  onTestFinished(async () => {
    await platform.stop();
  });
  return {
    platform,
    store,
    log,
    instances: (service) => store.read(service).instances,
    url: () => String(log.lines.find(({ fields }) => "url" in fields)?.fields.url),
  };
}

/** A module that answers `GET /<name>`, and whose health the test decides. */
export interface Desk {
  readonly module: ModuleDefinition;
  health: HealthResult;
}

/** Makes such a module. */
export function desk(name: string, manifest: object = {}, more: (lifecycle: Lifecycle) => void = () => {}): Desk {
  const made: { -readonly [Key in keyof Desk]: Desk[Key] } = {
    health: { status: "pass" },
    module: defineModule(
      { name, version: "1.2.0", ...manifest },
      {
        requires: { http: Http },
        setup({ http, lifecycle }) {
          http.get("/", { public: true }, () => ({ from: name }));
          lifecycle.onHealth(() => made.health);
          more(lifecycle);
        },
      },
    ),
  };
  return made;
}
