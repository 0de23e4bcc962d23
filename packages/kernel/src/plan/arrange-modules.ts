import type { PlannedModule, RegisteredModule } from "./boot-plan.ts";
import type { DependencyGraph, Levels } from "./dependency-graph.ts";
import type { UniqueModules } from "./unique-modules.ts";

/** Orders modules by level and then by name, and turns their positions into those of the plan. */
export function arrangeModules(
  unique: UniqueModules,
  { dependencies, dependents }: DependencyGraph,
  { levels, height }: Levels,
): PlannedModule[] {
  const { modules } = unique;
  const unsorted: number[][] = Array.from({ length: height }, () => []);
  for (let position = 0; position < modules.length; position++) unsorted[levels[position] as number]?.push(position);
  const byLevel = unsorted.map((level) => sortByName(level, unique));

  const indexOf = new Int32Array(modules.length);
  let next = 0;
  for (const level of byLevel) for (const position of level) indexOf[position] = next++;

  const planned: PlannedModule[] = [];
  for (const level of byLevel) {
    for (const position of level) {
      const { manifest, source, path, files, definition, load } = modules[position] as RegisteredModule;
      planned.push({
        manifest,
        source,
        path,
        files,
        definition,
        load,
        index: planned.length,
        dependencies: indexes(dependencies.targets, dependencies.starts, position, indexOf),
        dependents: indexes(dependents.targets, dependents.starts, position, indexOf),
      });
    }
  }
  return planned;
}

/** The positions in the order of their modules' names. */
export function sortByName(positions: readonly number[], { modules, byName }: UniqueModules): readonly number[] {
  const names = positions.map((position) => (modules[position] as RegisteredModule).manifest.name);
  let at = 1;
  while (at < names.length && (names[at - 1] as string) < (names[at] as string)) at++;
  if (at >= names.length) return positions;
  // Without a function that compares, texts are sorted at a fraction of the time.
  return names.sort().map((name) => byName.get(name) as number);
}

const none: readonly number[] = Object.freeze([]);

/** The places in the plan of one module's neighbours, ascending. */
function indexes(targets: Int32Array, starts: Int32Array, position: number, indexOf: Int32Array): readonly number[] {
  const start = starts[position] as number;
  const length = (starts[position + 1] as number) - start;
  if (length === 0) return none;
  const list = new Array<number>(length);
  for (let at = 0; at < length; at++) list[at] = indexOf[targets[start + at] as number] as number;
  if (length > shortList) return list.sort((a, b) => a - b);
  for (let end = 1; end < length; end++) {
    const index = list[end] as number;
    let at = end;
    for (; at > 0 && (list[at - 1] as number) > index; at--) list[at] = list[at - 1] as number;
    list[at] = index;
  }
  return list;
}

/** Up to this length sorting by hand is quicker than a call of `sort`; nearly all lists are shorter. */
const shortList = 16;
