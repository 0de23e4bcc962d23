import "reflect-metadata";
import { container, instanceCachingFactory } from "tsyringe";
import type { Boot } from "../contender.ts";

interface Started {
  readonly started: Promise<void>;
}

/** tsyringe has no start of its own: each factory makes a promise that waits for those of its needs. */
export const boot: Boot = async ({ needs }, start) => {
  const own = container.createChildContainer();
  needs.forEach((each, module) => {
    own.register<Started>(`m${module}`, {
      useFactory: instanceCachingFactory<Started>((from) => ({
        started: Promise.all(each.map((need) => from.resolve<Started>(`m${need}`).started)).then(start),
      })),
    });
  });
  await Promise.all(needs.map((_, module) => own.resolve<Started>(`m${module}`).started));
};
