import { asFunction, createContainer } from "awilix";
import type { Boot } from "../contender.ts";

interface Started {
  readonly started: Promise<void>;
}

/** Awilix has no start of its own: each factory makes a promise that waits for those of its needs. */
export const boot: Boot = async ({ needs }, start) => {
  const container = createContainer<Record<string, Started>>();
  needs.forEach((each, module) => {
    const factory = (cradle: Readonly<Record<string, Started>>): Started => ({
      started: Promise.all(each.map((need) => cradle[`m${need}`]?.started)).then(start),
    });
    container.register(`m${module}`, asFunction(factory).singleton());
  });
  await Promise.all(needs.map((_, module) => container.resolve<Started>(`m${module}`).started));
};
