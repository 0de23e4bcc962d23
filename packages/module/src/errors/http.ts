import { defineErrors } from "./define.ts";

/** The HTTP host. */
export const httpErrors = defineErrors({});
