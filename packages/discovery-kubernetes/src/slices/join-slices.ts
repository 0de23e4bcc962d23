import type { InstanceState, ServiceInstance } from "@plinth/discovery";
import type { AddressFamily, EndpointCopy } from "./endpoint-copy.ts";

/**
 * The instances that slices show together, each once. Of several copies of an endpoint the one that is most ready
 * counts, then the one of the preferred address family, then the one of the first slice. Where equally ready copies
 * have ports of different names, as mirrored slices do, the instance has all of them.
 *
 * Hints hold only when every ready endpoint has some: otherwise callers of a zone without any would have nowhere to go.
 *
 * @param slices The copies of each slice, in order of the slices' names.
 */
export function joinSlices(
  slices: Iterable<readonly EndpointCopy[]>,
  preferred: AddressFamily = "IPv4",
): readonly ServiceInstance[] {
  const groups = new Map<string, EndpointCopy[]>();
  for (const copies of slices) {
    for (const copy of copies) {
      const group = groups.get(copy.key);
      if (group === undefined) groups.set(copy.key, [copy]);
      else group.push(copy);
    }
  }
  const chosen = [...groups.values()].map((group) =>
    group.length === 1 ? (group[0] as EndpointCopy) : merged(group, preferred),
  );
  const ready = chosen.filter(({ instance }) => readiness[instance.state] === 0);
  const hinted = ready.length > 0 && ready.every(({ hintZones }) => hintZones !== undefined);
  return chosen.map((copy) => (hinted ? withHints(copy) : copy.instance));
}

/** 0 for ready ones; the lower the better. */
const readiness: Readonly<Record<InstanceState, number>> = { up: 0, warning: 0, draining: 1, down: 2 };

function merged(group: readonly EndpointCopy[], preferred: AddressFamily): EndpointCopy {
  const rank = ({ instance, family }: EndpointCopy): number =>
    readiness[instance.state] * 2 + (family === preferred ? 0 : 1);
  // Sorting is stable: the first slice stays first among equals.
  const ordered = group.toSorted((a, b) => rank(a) - rank(b));
  const best = ordered[0] as EndpointCopy;
  const endpoints = new Map(best.instance.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  for (const { instance } of ordered) {
    if (readiness[instance.state] !== readiness[best.instance.state]) break;
    for (const endpoint of instance.endpoints) {
      if (!endpoints.has(endpoint.name)) endpoints.set(endpoint.name, endpoint);
    }
  }
  if (endpoints.size === best.instance.endpoints.length) return best;
  return { ...best, instance: { ...best.instance, endpoints: [...endpoints.values()] } };
}

function withHints({ instance, hintZones }: EndpointCopy): ServiceInstance {
  return hintZones === undefined ? instance : { ...instance, locality: { ...instance.locality, hintZones } };
}
