import type { ModuleFiles } from "@plinth/module";
import { countChanges } from "./count-changes.ts";
import { createGrants } from "./create-grants.ts";

/** The migrations of the module `grants`. They are part of its code, so that a bundle has them too. */
export const migrations: ModuleFiles = {
  "migrations/0001_create_grants.sql": { text: createGrants },
  "migrations/0002_count_changes.sql": { text: countChanges },
};
