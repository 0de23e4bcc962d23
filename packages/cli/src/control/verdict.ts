import type { ControlledModule, ControlStatus } from "@plinth/platform/control";

/** Whether a running platform is as it should be: all of it runs, and no module's health has failed. */
export function isWell({ state, modules }: ControlStatus): boolean {
  return state === "running" && modules.every((module) => module.state === "running" && module.health !== "fail");
}

/** A module that failed or is not healthy, with the modules that are skipped for it. */
export interface Trouble {
  readonly module: ControlledModule;
  readonly skipped: readonly string[];
}

/** What is wrong in a platform, each root cause once. */
export function troubles({ modules }: ControlStatus): readonly Trouble[] {
  return modules
    .filter(({ error, health }) => error !== null || health === "fail" || health === "warn")
    .map((module) => ({
      module,
      skipped: modules.filter(({ skippedFor }) => skippedFor === module.name).map(({ name }) => name),
    }));
}
