export { type ConformanceCase, registryConformance, registryLaws } from "./conformance.ts";
export type { ConformanceAdapter } from "./conformance-adapter.ts";
export type { Law, LawContext } from "./law.ts";
export { type ConformanceReport, type ConformanceResult, formatConformance, runConformance } from "./report.ts";
