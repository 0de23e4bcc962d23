import { type ModuleFacts, type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import type { MountTable } from "./mount-table.ts";
import { isUnder } from "./paths.ts";
import { type HttpSection, prefixOf } from "./section.ts";

/** Finds the place of a value in a manifest's file, by the keys that lead to it. */
export type Locate = (file: string, path: readonly (string | number)[]) => SourceLocation;

/** What the host answers itself. */
export const reservedPaths = ["/livez", "/readyz", "/metrics"] as const;

/** A module that has routes, and where they begin. */
export interface Prefixed {
  readonly facts: ModuleFacts<HttpSection>;
  readonly prefix: string;
}

/** The modules that have routes, in the order given. */
export function prefixed(modules: readonly ModuleFacts<HttpSection>[]): Prefixed[] {
  return modules.flatMap((facts) => {
    const prefix = prefixOf(facts);
    return prefix === undefined ? [] : [{ facts, prefix }];
  });
}

/** Prefixes that belong to the platform, prefixes that two modules serve, and prefixes that cover routes already there. */
export function checkPrefixes(candidates: readonly Prefixed[], mounts: MountTable, locate: Locate): PlatformError[] {
  const first = new Map<string, Prefixed>();
  const stay = new Set(candidates.map(({ facts }) => facts.name));
  return candidates.flatMap((one) => {
    const { facts, prefix } = one;
    // Finding a place takes reading the manifest again, so it is done for what is wrong.
    const place = () => ({ at: placesOf([one], locate) });
    const reserved = reservedPaths.find((path) => isUnder(prefix, path));
    if (reserved !== undefined) {
      return [platformError("HTTP_PREFIX_RESERVED", { module: facts.name, prefix, reserved }, place())];
    }
    const holder = first.get(prefix);
    if (holder !== undefined) {
      const values = { first: holder.facts.name, second: facts.name, prefix };
      return [platformError("HTTP_PREFIX_TAKEN", values, { at: placesOf([holder, one], locate) })];
    }
    first.set(prefix, one);
    return coveredRoutes(one, mounts, stay).map(({ module, route }) =>
      platformError("HTTP_ROUTE_SHADOWED", { module, route, other: facts.name, prefix }, place()),
    );
  });
}

function coveredRoutes({ facts, prefix }: Prefixed, mounts: MountTable, stay: ReadonlySet<string>) {
  return mounts
    .list()
    .filter(
      (mount) =>
        mount.module !== facts.name &&
        stay.has(mount.module) &&
        mount.prefix !== prefix &&
        isUnder(prefix, mount.prefix),
    )
    .flatMap((mount) =>
      mount.routes
        .filter((route) => isUnder(route.url, prefix))
        .map((route) => ({ module: mount.module, route: route.name })),
    );
}

function placesOf(modules: readonly Prefixed[], locate: Locate): SourceLocation[] {
  return modules.flatMap(({ facts }) => {
    const { file } = facts.manifest;
    if (file === undefined) return [];
    return [locate(file, facts.section?.prefix === undefined ? ["name"] : ["http", "prefix"])];
  });
}
