import { defineErrors } from "./define.ts";

/** The command line. */
export const commandErrors = defineErrors({});
