import { pause } from "@plinth/discovery";
import type { Clock, Logger } from "@plinth/module";
import type { ApiClient } from "../api/api-client.ts";
import { apiFault } from "../api/api-fault.ts";
import type { EndpointSlice, Lease, ObjectList, ObjectMeta } from "../api/objects.ts";
import { managedBy, managedByLabel } from "../slices/instance-annotation.ts";
import { slicesPath } from "../slices/slices-path.ts";
import { found, leasesPath } from "./managed-api.ts";
import { leaseLabel } from "./managed-objects.ts";

/** Whose entries are looked after. */
export interface Sweeping {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Names of entries that are not touched, for they are kept here. */
  readonly own: ReadonlySet<string>;
}

interface Entry {
  /** Changes with each renewal. */
  readonly mark: string;
  readonly durationMs: number;
}

/**
 * Removes the entries of peers that were killed, until `signal` aborts. An entry is dead when its lease has not changed
 * for its whole duration by the clock of this process: clocks of other machines are not trusted. A slice without a
 * lease counts likewise.
 */
export async function sweepLeases(sweeping: Sweeping, signal: AbortSignal): Promise<void> {
  const { client, namespace, leaseMs, clock, random, log } = sweeping;
  const known = new Map<string, { readonly mark: string; readonly since: number }>();
  while (await pause(clock, leaseMs * (0.4 + 0.2 * random()), signal)) {
    try {
      const entries = await readEntries(sweeping, signal);
      for (const name of deadOf(entries, known, sweeping)) await remove(sweeping, name, signal);
    } catch (error) {
      if (signal.aborted) return;
      const registry = client.access.server;
      const fault = apiFault(error, { registry, namespace, action: "look for dead peers", role: "managed" });
      log.warn({ code: fault.code }, fault.message);
    }
  }
}

/** Notes what is seen, and gives the names of the entries that have stood still for too long. */
function deadOf(
  entries: ReadonlyMap<string, Entry>,
  known: Map<string, { readonly mark: string; readonly since: number }>,
  { own, clock }: Sweeping,
): readonly string[] {
  const now = clock.now();
  for (const name of known.keys()) if (!entries.has(name)) known.delete(name);
  return [...entries].flatMap(([name, { mark, durationMs }]) => {
    if (own.has(name)) return [];
    const before = known.get(name);
    if (before?.mark === mark) return now - before.since >= durationMs ? [name] : [];
    known.set(name, { mark, since: now });
    return [];
  });
}

async function readEntries({ client, namespace, leaseMs }: Sweeping, signal: AbortSignal): Promise<Map<string, Entry>> {
  const listed = <T>(path: string, label: string): Promise<ObjectList<T>> =>
    client.call({ path, query: { labelSelector: `${label}=${managedBy}` } }, signal);
  const leases = await listed<Lease>(leasesPath(namespace), leaseLabel);
  const slices = await listed<EndpointSlice>(slicesPath(namespace), managedByLabel);
  const entries = new Map<string, Entry>();
  for (const { metadata } of slices.items ?? [])
    entries.set(metadata.name, { mark: markOf(metadata), durationMs: leaseMs });
  for (const { metadata, spec } of leases.items ?? []) {
    const durationMs = (spec?.leaseDurationSeconds ?? leaseMs / 1000) * 1000;
    entries.set(metadata.name, { mark: `lease ${markOf(metadata)}`, durationMs });
  }
  return entries;
}

function markOf({ uid, resourceVersion }: ObjectMeta): string {
  return `${uid} ${resourceVersion}`;
}

/** The slice first: as long as the lease is there, a sweep that is cut off here is made up for by the next. */
async function remove({ client, namespace, log }: Sweeping, name: string, signal: AbortSignal): Promise<void> {
  for (const path of [slicesPath(namespace), leasesPath(namespace)]) {
    await found(client.call({ method: "DELETE", path: `${path}/${name}` }, signal));
  }
  log.info({ name }, "removed the entry of an instance whose process is gone");
}
