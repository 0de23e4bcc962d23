import type { Locate } from "@plinth/kernel";
import { type ModuleFacts, type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { endpointName, type ServicesSection } from "./section.ts";

type Facts = ModuleFacts<ServicesSection>;

interface Holder {
  readonly facts: Facts;
  readonly index: number;
}

/** Services that two modules announce, and endpoints that one module announces twice. */
export function checkAnnounced(modules: readonly Facts[], locate: Locate): PlatformError[] {
  const services = new Map<string, Holder>();
  const endpoints = new Map<string, Holder>();
  const problems: PlatformError[] = [];
  for (const facts of modules) {
    for (const [index, entry] of (facts.section ?? []).entries()) {
      const here = { facts, index };
      const holder = services.get(entry.name);
      if (holder !== undefined && holder.facts !== facts) {
        const values = { service: entry.name, first: holder.facts.name, second: facts.name };
        problems.push(platformError("DISCOVERY_ANNOUNCED_TWICE", values, { at: placesOf([holder, here], locate) }));
        continue;
      }
      services.set(entry.name, holder ?? here);
      const endpoint = endpointName(entry);
      const twin = endpoints.get(`${entry.name}/${endpoint}`);
      endpoints.set(`${entry.name}/${endpoint}`, twin ?? here);
      if (twin === undefined) continue;
      const values = { service: entry.name, endpoint, module: facts.name };
      problems.push(platformError("DISCOVERY_ENDPOINT_TWICE", values, { at: placesOf([twin, here], locate) }));
    }
  }
  return problems;
}

function placesOf(holders: readonly Holder[], locate: Locate): SourceLocation[] {
  return holders.flatMap(({ facts: { manifest }, index }) =>
    manifest.file === undefined ? [] : [locate(manifest.file, ["services", index, "name"])],
  );
}
