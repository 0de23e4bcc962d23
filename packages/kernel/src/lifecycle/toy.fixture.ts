import { defineModule, type Lifecycle, type Manifest, type PlatformEvent } from "@plinth/module";
import type { LoadedModule } from "../loader/load-modules.ts";

/** A toy module: what it needs, and what its hooks do. */
export interface Toy {
  readonly needs?: readonly string[];
  readonly wants?: readonly string[];
  readonly critical?: boolean;
  readonly timeouts?: { readonly start?: number; readonly stop?: number };
  readonly setup?: (lifecycle: Lifecycle) => void;
}

/** Loaded modules from toys; each toy stands after those it needs. */
export function toyModules(toys: Readonly<Record<string, Toy>>): LoadedModule[] {
  const names = Object.keys(toys);
  const dependenciesOf = (name: string) =>
    [...(toys[name]?.needs ?? []), ...(toys[name]?.wants ?? [])].map((other) => names.indexOf(other)).sort();
  return names.map((name, index) => ({
    manifest: manifestOf(name, toys[name] as Toy),
    source: "static",
    path: undefined,
    index,
    dependencies: dependenciesOf(name),
    dependents: names.flatMap((other, at) => (dependenciesOf(other).includes(index) ? [at] : [])),
    definition: defineModule({ setup: ({ lifecycle }) => toys[name]?.setup?.(lifecycle) }),
    loadError: undefined,
    loadMs: 0,
  }));
}

function manifestOf(name: string, toy: Toy): Manifest {
  const dependency = (optional: boolean) => (other: string) => ({ name: other, range: "*", optional });
  return {
    name,
    version: "1.0.0",
    description: undefined,
    platform: undefined,
    dependencies: [...(toy.needs ?? []).map(dependency(false)), ...(toy.wants ?? []).map(dependency(true))],
    main: undefined,
    critical: toy.critical ?? true,
    timeouts: { start: toy.timeouts?.start, stop: toy.timeouts?.stop },
    sections: {},
    file: undefined,
  };
}

/** The states that each module went through, as `name:state`. */
export function statesIn(events: readonly PlatformEvent[]): string[] {
  return events.flatMap((event) => (event.type === "module.state" ? [`${event.module}:${event.to}`] : []));
}
