import { defineErrors } from "./define.ts";

/** Permission codes. */
export const permissionsErrors = defineErrors({});
