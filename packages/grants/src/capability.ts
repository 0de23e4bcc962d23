import { Database } from "@plinth/database";
import { type Capability, defineModule, type Extension, type ManifestInput, neededModules } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { Grants } from "./grants.ts";
import { GrantsHost } from "./grants-host.ts";
import { migrations } from "./migrations/migrations.ts";
import { configSchema, type GrantsConfig, settingsOf } from "./settings.ts";

const manifest: ManifestInput<GrantsConfig> = {
  name: "grants",
  version: "0.1.0",
  description: "Roles, what they allow, and who has which; decides on permissions from memory.",
  dependencies: { database: "*", permissions: "*" },
  migrations: "./migrations",
  config: configSchema,
};

/**
 * Grants as a part of the platform: the module `grants` with its tables, and the service
 * {@link Grants}. It does nothing at all, and decides nothing, unless a module requires that service.
 * Each call makes one for one platform.
 */
export function grantsCapability(): Capability {
  let isNeeded = false;
  let host: GrantsHost | undefined;

  const extension: Extension = {
    name: "grants",
    check(modules) {
      isNeeded = neededModules(modules).has("grants");
      host?.forgetCodes();
      return [];
    },
    // A module starts with grants that know its codes.
    beforeStart: ({ source }) => (source === "platform" ? undefined : host?.followRenames()),
  };

  const module = defineModule(manifest, {
    requires: { database: Database, permissions: Permissions },
    provides: { grants: Grants },
    setup({ config, log, clock, lifecycle, database, permissions }) {
      const made = new GrantsHost({ database, permissions, settings: settingsOf(config), clock, log });
      if (isNeeded) {
        host = made;
        permissions.useAuthorizer(made.authorizer);
        lifecycle.onStart(() => made.start());
        lifecycle.onStop(() => made.stop());
        lifecycle.onHealth(() => made.health());
      }
      return { grants: made.service };
    },
  });

  return { module, extension, files: migrations };
}
