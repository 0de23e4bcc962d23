import { ServiceBroker } from "moleculer";
import type { Boot } from "../contender.ts";

/** Services that wait for those they need, looking each 5 ms. */
export const boot: Boot = async ({ needs }, start) => {
  const broker = new ServiceBroker({ logger: false, internalServices: false, dependencyInterval: 5 });
  needs.forEach((each, module) => {
    broker.createService({
      name: `m${module}`,
      dependencies: each.map((need) => `m${need}`),
      started: start,
    });
  });
  await broker.start();
};
