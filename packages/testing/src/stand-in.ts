import { defineModule, type ModuleDefinition, type ServiceRef } from "@plinth/module";

/** A service that a test puts in the place of a module's own. */
export interface StandIn {
  readonly ref: ServiceRef<unknown>;
  readonly value: unknown;
  readonly version: string;
}

/**
 * Stands in for the module that provides `ref`: the module under test gets `value`.
 *
 * @param version of the module that is stood in for; it must satisfy the dependents' ranges. Default `1.0.0`.
 */
export function standIn<T>(ref: ServiceRef<T>, value: T, version = "1.0.0"): StandIn {
  return { ref, value, version };
}

/** One module for each module that is stood in for, providing all its stood-in services. */
export function standInModules(standIns: readonly StandIn[]): readonly ModuleDefinition[] {
  const byModule = Map.groupBy(standIns, ({ ref }) => ref.module);
  return [...byModule].map(([name, services]) => {
    const keyOf = ({ ref }: StandIn) => ref.id.slice(name.length + 1);
    const provides = Object.fromEntries(services.map((each) => [keyOf(each), each.ref]));
    return defineModule(
      { name, version: services[0]?.version ?? "1.0.0", description: "A stand-in for tests." },
      { provides, setup: () => Object.fromEntries(services.map((each) => [keyOf(each), each.value])) as never },
    );
  });
}
