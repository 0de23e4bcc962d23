import { registryConformance, registryLaws } from "./conformance.ts";
import type { ConformanceAdapter } from "./conformance-adapter.ts";

/** How one adapter fared. */
export interface ConformanceReport {
  readonly adapter: string;
  /** By the id of the law. */
  readonly results: Readonly<Record<string, ConformanceResult>>;
}

/** What came of one law. */
export type ConformanceResult =
  | { readonly outcome: "held" }
  | { readonly outcome: "broken"; readonly error: unknown }
  | { readonly outcome: "skipped"; readonly reason: string };

/** Holds the adapter to every law, one after another. Never rejects for a law that is broken. */
export async function runConformance(adapter: ConformanceAdapter): Promise<ConformanceReport> {
  const results: Record<string, ConformanceResult> = {};
  for (const law of registryConformance(adapter)) {
    if (law.skip !== undefined) {
      results[law.id] = { outcome: "skipped", reason: law.skip };
      continue;
    }
    try {
      await law.run();
      results[law.id] = { outcome: "held" };
    } catch (error) {
      results[law.id] = { outcome: "broken", error };
    }
  }
  return { adapter: adapter.name, results };
}

const signs = { held: "yes", broken: "NO", skipped: "skip" } as const;

/** The table of laws by adapters as Markdown, then the reasons of skips and the errors of broken laws. */
export function formatConformance(reports: readonly ConformanceReport[]): string {
  const rows = registryLaws.map(({ id, name }) => [
    name,
    ...reports.map(({ results }) => {
      const result = results[id];
      return result === undefined ? "not run" : signs[result.outcome];
    }),
  ]);
  const notes = reports.flatMap(({ adapter, results }) =>
    Object.entries(results).flatMap(([id, result]) => {
      if (result.outcome === "held") return [];
      const why = result.outcome === "skipped" ? result.reason : String(result.error);
      return [`- ${adapter}, ${id}: ${why}`];
    }),
  );
  const table = [["law", ...reports.map(({ adapter }) => adapter)], ["---", ...reports.map(() => "---")], ...rows];
  return [...table.map((cells) => `| ${cells.join(" | ")} |`), ...(notes.length === 0 ? [] : ["", ...notes])].join(
    "\n",
  );
}
