import { defineErrors } from "./define.ts";

/** The database itself. */
export const databaseErrors = defineErrors({});
