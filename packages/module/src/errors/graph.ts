import { defineErrors } from "./define.ts";

/** The graph of modules and the boot plan. */
export const graphErrors = defineErrors({});
