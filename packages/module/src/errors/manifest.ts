import { defineErrors } from "./define.ts";

/** Reading and validating module.yaml. */
export const manifestErrors = defineErrors({});
