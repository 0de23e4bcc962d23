import type { Endpoint, Locality, ServiceInstance } from "../port/service-instance.ts";

/**
 * The list in order of id, deeply frozen. An instance that says the same as the one of that id in
 * `previous` is replaced by that object, and the whole list by `previous` where nothing differs:
 * so identity tells whether anything changed.
 */
export function instanceList(
  instances: readonly ServiceInstance[],
  previous: readonly ServiceInstance[] = [],
): readonly ServiceInstance[] {
  const known = new Map(previous.map((instance) => [instance.id, instance]));
  const list = instances.map((instance) => {
    const before = known.get(instance.id);
    return before !== undefined && sameInstance(before, instance) ? before : frozenInstance(instance);
  });
  list.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return sameItems(list, previous) ? previous : Object.freeze(list);
}

/** Whether both say the same, whatever the order of keys. */
export function sameInstance(a: ServiceInstance, b: ServiceInstance): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.service === b.service &&
      a.version === b.version &&
      a.state === b.state &&
      a.weight === b.weight &&
      sameBy(a.endpoints, b.endpoints, sameEndpoint) &&
      sameLocality(a.locality, b.locality) &&
      sameItems(a.tags, b.tags) &&
      sameRecord(a.metadata, b.metadata))
  );
}

/** Whether both hold the identical values in the same order. */
export function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a === b || sameBy(a, b, Object.is);
}

function sameBy<Item>(a: readonly Item[], b: readonly Item[], same: (a: Item, b: Item) => boolean): boolean {
  return a.length === b.length && a.every((item, index) => same(item, b[index] as Item));
}

function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.name === b.name && a.protocol === b.protocol && a.host === b.host && a.port === b.port;
}

function sameLocality(a: Locality | undefined, b: Locality | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.region === b.region && a.zone === b.zone && a.node === b.node && sameItems(a.hintZones ?? [], b.hintZones ?? [])
  );
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

function frozenInstance(instance: ServiceInstance): ServiceInstance {
  for (const endpoint of instance.endpoints) Object.freeze(endpoint);
  Object.freeze(instance.endpoints);
  if (instance.locality !== undefined) {
    Object.freeze(instance.locality.hintZones);
    Object.freeze(instance.locality);
  }
  Object.freeze(instance.tags);
  Object.freeze(instance.metadata);
  return Object.freeze(instance);
}
