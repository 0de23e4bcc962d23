import { type PlatformError, PlatformErrors } from "@plinth/module";
import { createLocate } from "../manifest/locate.ts";

import { createRanges } from "../manifest/semver.ts";
import { findTwins, twinError } from "../manifest/twins.ts";
import { arrangeModules, sortByName } from "./arrange-modules.ts";
import type { BootPlan, RegisteredModule } from "./boot-plan.ts";
import { type DependencyGraph, dependencyGraph, type Levels, levelsOf } from "./dependency-graph.ts";
import { findCycles } from "./find-cycles.ts";
import { type LinkedModules, linkModules } from "./link-modules.ts";
import {
  cycleError,
  duplicateErrors,
  hostErrors,
  misdirectedErrors,
  missingErrors,
  type Reporting,
  versionErrors,
} from "./problems.ts";
import { type UniqueModules, uniqueModules } from "./unique-modules.ts";

/** What the modules are held against. */
export interface ResolveOptions {
  /** The version of the host's API, which `platform:` in a manifest asks for. */
  readonly hostVersion: string;
  /** Names of modules whose manifests were refused: nobody is told that these are missing. */
  readonly refused?: Iterable<string>;
}

/**
 * Puts modules in the order in which they start. Takes time in proportion to modules and dependencies.
 *
 * @throws PlatformErrors with everything that is wrong, the same whatever the order of registration:
 * missing modules, versions out of range, duplicates, cycles, and what else stands in the way.
 */
export function resolvePlan(modules: readonly RegisteredModule[], options: ResolveOptions): BootPlan {
  const unique = uniqueModules(modules);
  const ranges = createRanges();
  const links = linkModules(unique, { ...options, ranges });
  const graph = dependencyGraph(links.dependencies);
  const levels = levelsOf(graph);
  const reporting = { modules: unique.modules, locate: createLocate(), ranges, hostVersion: options.hostVersion };
  const problems = findProblems(unique, links, graph, levels, reporting);
  if (problems.length > 0) throw new PlatformErrors(problems);
  return { modules: arrangeModules(unique, graph, levels) };
}

function findProblems(
  unique: UniqueModules,
  links: LinkedModules,
  graph: DependencyGraph,
  levels: Levels,
  reporting: Reporting,
): PlatformError[] {
  const { modules, byName, duplicates } = unique;
  const twins = findTwins(byName);
  const manifests = twins.length === 0 ? [] : modules.map(({ manifest }) => manifest);
  const { missing, mismatched, misdirected, misplaced } = links;
  return [
    ...twins.map((names) => twinError(names, manifests, reporting.locate)),
    ...(duplicates.length === 0 ? [] : duplicateErrors(duplicates, reporting)),
    ...(misplaced.length === 0 ? [] : hostErrors(misplaced, reporting)),
    ...(missing.length === 0 ? [] : missingErrors(missing, reporting)),
    ...(mismatched.length === 0 ? [] : versionErrors(mismatched, reporting)),
    ...(misdirected.length === 0 ? [] : misdirectedErrors(misdirected, reporting)),
    ...(levels.ordered === modules.length ? [] : cycleErrors(unique, graph, levels, reporting)),
  ];
}

function cycleErrors(
  unique: UniqueModules,
  graph: DependencyGraph,
  { levels }: Levels,
  reporting: Reporting,
): PlatformError[] {
  const unordered: number[] = [];
  for (const [position, level] of levels.entries()) if (level === -1) unordered.push(position);
  return findCycles(graph, sortByName(unordered, unique)).map((cycle) =>
    cycleError(
      cycle.map((position) => unique.modules[position] as RegisteredModule),
      reporting,
    ),
  );
}
