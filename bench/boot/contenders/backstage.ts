import { createSpecializedBackend } from "@backstage/backend-app-api";
import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  createServiceRef,
  type ServiceRef,
} from "@backstage/backend-plugin-api";
import type { Boot } from "../contender.ts";

const silent = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
const lifecycle = {
  addStartupHook() {},
  addShutdownHook() {},
  addBeforeShutdownHook() {},
  startup: async () => {},
  shutdown: async () => {},
  beforeShutdown: async () => {},
};
const config = {
  has: () => false,
  getOptional: () => undefined,
  getOptionalString: () => undefined,
  getOptionalBoolean: () => undefined,
  getOptionalConfig: () => undefined,
  getOptionalConfigArray: () => undefined,
};

/** A root service for each module, with those it needs; one plugin needs all of them. */
export const boot: Boot = async ({ needs }, start) => {
  const refs: ServiceRef<object, "root">[] = needs.map((_, module) =>
    createServiceRef<object>({ id: `m${module}`, scope: "root" }),
  );
  const named = (which: readonly number[]) =>
    Object.fromEntries(which.map((module) => [`m${module}`, refs[module] as ServiceRef<object, "root">]));
  const backend = createSpecializedBackend({
    defaultServiceFactories: [
      createServiceFactory({ service: coreServices.rootLogger, deps: {}, factory: () => silent as never }),
      createServiceFactory({ service: coreServices.logger, deps: {}, factory: () => silent as never }),
      createServiceFactory({ service: coreServices.rootConfig, deps: {}, factory: () => config as never }),
      createServiceFactory({ service: coreServices.rootLifecycle, deps: {}, factory: () => lifecycle as never }),
      createServiceFactory({ service: coreServices.lifecycle, deps: {}, factory: () => lifecycle as never }),
      ...needs.map((each, module) =>
        createServiceFactory({
          service: refs[module] as ServiceRef<object, "root">,
          deps: named(each),
          async factory() {
            await start();
            return {};
          },
        }),
      ),
    ],
  });
  backend.add(
    createBackendPlugin({
      pluginId: "all",
      register(env) {
        env.registerInit({ deps: named(needs.map((_, module) => module)), async init() {} });
      },
    }),
  );
  await backend.start();
};
