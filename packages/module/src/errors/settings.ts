import { defineErrors } from "./define.ts";

/** platform.yaml, its overrides, and the settings of modules. */
export const settingsErrors = defineErrors({});
