import { AssertionError } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { ServiceRegistry } from "@plinth/discovery";
import type { ConformanceAdapter } from "./conformance-adapter.ts";
import type { Law, LawContext } from "./law.ts";
import { absenceLaws } from "./laws/absence.ts";
import { readingLaws } from "./laws/reading.ts";
import { registeringLaws } from "./laws/registering.ts";

/** What every registry must do: one table for all adapters. */
export const registryLaws: readonly Law[] = [...readingLaws, ...registeringLaws, ...absenceLaws];

/** A law as one adapter is held to it. */
export interface ConformanceCase {
  readonly id: string;
  readonly name: string;
  /** Why the law is not checked; `undefined` when it is. */
  readonly skip: string | undefined;
  /** Resolves when the law held. Cases may run one after another or side by side, where the adapter's backend allows it. */
  run(): Promise<void>;
}

/**
 * The laws of the registry port, for the adapter given. Any test framework can run them:
 * `for (const law of registryConformance(adapter)) it.skipIf(law.skip !== undefined)(law.name, law.run)`.
 *
 * @throws RangeError when the adapter skips a law without a reason, skips one that is none, or offers
 *   neither what a law needs nor a reason to skip it.
 */
export function registryConformance(adapter: ConformanceAdapter): readonly ConformanceCase[] {
  const skips = adapter.skip ?? {};
  const known = new Set(registryLaws.map(({ id }) => id));
  for (const [id, reason] of Object.entries(skips)) {
    if (!known.has(id)) throw new RangeError(`${adapter.name} skips "${id}", which is no law`);
    if (reason.trim() === "") throw new RangeError(`${adapter.name} skips "${id}" without a reason`);
  }
  return registryLaws.map((law) => {
    const skip = skips[law.id];
    for (const need of law.needs ?? []) {
      if (skip === undefined && adapter[need] === undefined) {
        throw new RangeError(`${adapter.name} has no ${need}(), and no reason to skip "${law.id}"`);
      }
    }
    return { id: law.id, name: law.name, skip, run: () => runLaw(law, adapter) };
  });
}

async function runLaw(law: Law, adapter: ConformanceAdapter): Promise<void> {
  const service = `law-${law.id.slice(0, 30)}-${randomBytes(4).toString("hex")}`;
  const registries: ServiceRegistry[] = [];
  let ending: (() => Promise<void>) | undefined;
  const context: LawContext = {
    service,
    spec: (change) => ({
      service,
      endpoints: [{ name: "http", protocol: "http", host: "192.0.2.1", port: 8080 }],
      ...change,
    }),
    async connect() {
      const registry = await adapter.connect();
      registries.push(registry);
      return registry;
    },
    eventually: (what, probe) => eventually(what, probe, adapter.settleMs ?? 5_000),
    async interrupt() {
      ending = await adapter.interrupt?.();
    },
    async restore() {
      const end = ending;
      ending = undefined;
      await end?.();
    },
    wipe: async () => adapter.wipe?.(),
  };
  await adapter.prepare?.(service);
  try {
    await law.check(context);
  } finally {
    await context.restore();
    await Promise.allSettled(registries.map((registry) => registry[Symbol.asyncDispose]()));
  }
}

async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  limitMs: number,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new AssertionError({ message: `not within ${limitMs} ms: ${what}` });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
