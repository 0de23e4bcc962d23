export { type LifecycleOptions, ModuleLifecycle, type StopReport } from "./lifecycle/lifecycle.ts";
export { defaultLimits, type Limits } from "./lifecycle/limits.ts";
export { factsOf } from "./lifecycle/facts.ts";
export { transitions } from "./lifecycle/states.ts";
export { entryOf, type ImportFile, type LoadedModule, loadModules } from "./loader/load-modules.ts";
export type { BootPlan, PlannedModule, RegisteredModule } from "./plan/boot-plan.ts";
export { checkWiring } from "./wiring/check-wiring.ts";
