import { defineErrors } from "./define.ts";

/** Migrations across modules. */
export const migrationsErrors = defineErrors({});
