import {
  type Capability,
  type Clock,
  defineModule,
  type ManifestInput,
  type ModuleFacts,
  type RemoteService,
  type ServiceConsumer,
  scoped,
  systemClock,
} from "@plinth/module";
import { Database } from "./database.ts";
import { DatabaseHost } from "./database-host.ts";
import { type CollectedMigrations, collectMigrations } from "./migrations/collect.ts";
import { migrationsSection } from "./migrations/section.ts";
import { openDatabase } from "./open-database.ts";
import { serveDatabase } from "./remote/serve-database.ts";
import { configSchema, type DatabaseConfig, settingsOf } from "./settings.ts";

/** How the capability is made. */
export interface DatabaseOptions {
  /** What `dataDir` is relative to: the platform's folder. Default: the working directory. */
  readonly root?: string;
  readonly clock?: Clock;
  /** Opens the database when a module uses it. Default: as the settings say, by `openDatabase`. */
  readonly open?: typeof openDatabase;
}

const manifest: ManifestInput<DatabaseConfig> = {
  name: "database",
  version: "1.0.0",
  description: "PGlite in a folder, or PostgreSQL by its address, with migrations across modules.",
  // A new PGlite folder takes some seconds to be made.
  timeouts: { start: "60s" },
  config: configSchema,
};

/**
 * The database of a platform: the module `database`, which gives each module its own view, and the
 * manifest section `migrations`. Nothing is opened or loaded when no module uses it.
 */
export function databaseCapability({
  root,
  clock = systemClock,
  open = openDatabase,
}: DatabaseOptions = {}): Capability {
  const host = new DatabaseHost(clock, root, open);
  let collected: CollectedMigrations = { modules: [], problems: [] };
  return {
    module: defineModule(manifest, {
      provides: { database: Database },
      setup({ config, log, lifecycle }) {
        lifecycle.onStart((signal) => host.open(settingsOf(config), log, signal));
        lifecycle.onStop((signal) => host.close(signal));
        lifecycle.onHealth(() => host.checkHealth());
        return { database: scoped((consumer: ServiceConsumer) => host.viewFor(consumer)) };
      },
    }),
    extension: {
      name: "database",
      section: { key: "migrations", schema: migrationsSection },
      check(modules: readonly ModuleFacts<string>[]) {
        collected = collectMigrations(modules);
        return collected.problems;
      },
      accept: () => host.takeIn(collected.modules),
      beforeStart: (module: ModuleFacts<string>, signal) => host.migrate(module.name, signal),
    },
    remotes: [databaseRemote(host)],
  };
}

/** How a module in another process uses the database: over connections that stay here. */
function databaseRemote(host: DatabaseHost): RemoteService<Database> {
  return {
    service: Database,
    get entry() {
      return import.meta.resolve("@plinth/database/remote");
    },
    serve: (database, link) => serveDatabase(database, link, host.lendTo(link.module)),
  };
}
