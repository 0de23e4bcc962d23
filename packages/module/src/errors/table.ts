import { changeErrors } from "./change.ts";
import { codegenErrors } from "./codegen.ts";
import { commandErrors } from "./command.ts";
import { controlErrors } from "./control.ts";
import { databaseErrors } from "./database.ts";
import { devErrors } from "./dev.ts";
import { discoveryErrors } from "./discovery.ts";
import { graphErrors } from "./graph.ts";
import { httpErrors } from "./http.ts";
import { isolationErrors } from "./isolation.ts";
import { lifecycleErrors } from "./lifecycle.ts";
import { loadingErrors } from "./loading.ts";
import { manifestErrors } from "./manifest.ts";
import { migrationsErrors } from "./migrations.ts";
import { permissionsErrors } from "./permissions.ts";
import { pluginErrors } from "./plugins.ts";
import { scaffoldErrors } from "./scaffold.ts";
import { settingsErrors } from "./settings.ts";
import { testErrors } from "./tests.ts";
import { wiringErrors } from "./wiring.ts";

/** Every error of Plinth by its code, grouped by area. `docs/errors.md` is generated from this. */
export const errorAreas = {
  manifest: manifestErrors,
  graph: graphErrors,
  wiring: wiringErrors,
  loading: loadingErrors,
  lifecycle: lifecycleErrors,
  change: changeErrors,
  isolation: isolationErrors,
  migrations: migrationsErrors,
  database: databaseErrors,
  permissions: permissionsErrors,
  http: httpErrors,
  discovery: discoveryErrors,
  plugins: pluginErrors,
  settings: settingsErrors,
  codegen: codegenErrors,
  command: commandErrors,
  tests: testErrors,
  scaffold: scaffoldErrors,
  control: controlErrors,
  dev: devErrors,
} as const;

/** All areas in one table. */
export const errorTable = {
  ...manifestErrors,
  ...graphErrors,
  ...wiringErrors,
  ...loadingErrors,
  ...lifecycleErrors,
  ...changeErrors,
  ...isolationErrors,
  ...migrationsErrors,
  ...databaseErrors,
  ...permissionsErrors,
  ...httpErrors,
  ...discoveryErrors,
  ...pluginErrors,
  ...settingsErrors,
  ...codegenErrors,
  ...commandErrors,
  ...testErrors,
  ...scaffoldErrors,
  ...controlErrors,
  ...devErrors,
} as const;

/** The code of an error of the table. */
export type ErrorCode = keyof typeof errorTable;
