import type { Endpoint, InstanceState, ServiceInstance } from "@plinth/discovery";
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
  const chosen = new Map<string, EndpointCopy>();
  for (const copies of slices) {
    for (const copy of copies) {
      const known = chosen.get(copy.key);
      chosen.set(copy.key, known === undefined ? copy : better(known, copy, preferred));
    }
  }
  const copies = [...chosen.values()];
  const ready = copies.filter(({ instance }) => readiness[instance.state] === 0);
  const hinted = ready.length > 0 && ready.every(({ hintZones }) => hintZones !== undefined);
  return copies.map((copy) => (hinted ? withHints(copy) : copy.instance));
}

/** 0 for ready ones; the lower the better. */
const readiness: Readonly<Record<InstanceState, number>> = { up: 0, warning: 0, draining: 1, down: 2 };

function better(a: EndpointCopy, b: EndpointCopy, preferred: AddressFamily): EndpointCopy {
  const byReadiness = readiness[a.instance.state] - readiness[b.instance.state];
  if (byReadiness !== 0) return byReadiness < 0 ? a : b;
  const [first, second] = a.family !== preferred && b.family === preferred ? [b, a] : [a, b];
  const more = second.instance.endpoints.filter((endpoint) => !has(first.instance.endpoints, endpoint.name));
  if (more.length === 0) return first;
  return { ...first, instance: { ...first.instance, endpoints: [...first.instance.endpoints, ...more] } };
}

function has(endpoints: readonly Endpoint[], name: string): boolean {
  return endpoints.some((endpoint) => endpoint.name === name);
}

function withHints({ instance, hintZones }: EndpointCopy): ServiceInstance {
  return hintZones === undefined ? instance : { ...instance, locality: { ...instance.locality, hintZones } };
}
