import { codegenErrors } from "./codegen.ts";
import { commandErrors } from "./command.ts";
import { databaseErrors } from "./database.ts";
import { discoveryErrors } from "./discovery.ts";
import { graphErrors } from "./graph.ts";
import { httpErrors } from "./http.ts";
import { lifecycleErrors } from "./lifecycle.ts";
import { loadingErrors } from "./loading.ts";
import { manifestErrors } from "./manifest.ts";
import { migrationsErrors } from "./migrations.ts";
import { permissionsErrors } from "./permissions.ts";
import { settingsErrors } from "./settings.ts";
import { wiringErrors } from "./wiring.ts";

/** Every error of Plinth by its code, grouped by area. `docs/errors.md` is generated from this. */
export const errorAreas = {
  manifest: manifestErrors,
  graph: graphErrors,
  wiring: wiringErrors,
  loading: loadingErrors,
  lifecycle: lifecycleErrors,
  migrations: migrationsErrors,
  database: databaseErrors,
  permissions: permissionsErrors,
  http: httpErrors,
  discovery: discoveryErrors,
  settings: settingsErrors,
  codegen: codegenErrors,
  command: commandErrors,
} as const;

/** All areas in one table. */
export const errorTable = {
  ...manifestErrors,
  ...graphErrors,
  ...wiringErrors,
  ...loadingErrors,
  ...lifecycleErrors,
  ...migrationsErrors,
  ...databaseErrors,
  ...permissionsErrors,
  ...httpErrors,
  ...discoveryErrors,
  ...settingsErrors,
  ...codegenErrors,
  ...commandErrors,
} as const;

/** The code of an error of the table. */
export type ErrorCode = keyof typeof errorTable;
