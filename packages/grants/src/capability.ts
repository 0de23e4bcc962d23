import { Database } from "@plinth/database";
import {
  type Capability,
  defineModule,
  type Extension,
  type ManifestInput,
  neededModules,
  type RemoteService,
} from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { Grants } from "./grants.ts";
import { GrantsHost } from "./grants-host.ts";
import { migrations } from "./migrations/migrations.ts";
import { serveGrants } from "./remote/serve-grants.ts";
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
  /** Set while the module runs. */
  let activate: (() => Promise<void>) | undefined;

  const extension: Extension = {
    name: "grants",
    async accept(modules) {
      isNeeded = neededModules(modules).has("grants");
      host?.forgetCodes();
      if (isNeeded) await activate?.();
    },
    // A module starts with grants that know its codes.
    beforeStart: ({ source }) => (source === "platform" ? undefined : host?.followRenames()),
  };

  const module = defineModule(manifest, {
    requires: { database: Database, permissions: Permissions },
    provides: { grants: Grants },
    setup({ config, log, clock, lifecycle, database, permissions }) {
      const made = new GrantsHost({ database, permissions, settings: settingsOf(config), clock, log });
      const activateOnce = async () => {
        if (host === made) return;
        host = made;
        permissions.useAuthorizer(made.authorizer);
        await made.start();
      };
      lifecycle.onStart(async () => {
        activate = activateOnce;
        if (isNeeded) await activateOnce();
      });
      lifecycle.onStop(() => {
        activate = undefined;
        if (host === made) made.stop();
      });
      lifecycle.onHealth(() => (host === made ? made.health() : undefined));
      return { grants: made.service };
    },
  });

  const remote: RemoteService<Grants> = {
    service: Grants,
    get entry() {
      return import.meta.resolve("@plinth/grants/remote");
    },
    serve(grants, link) {
      if (host === undefined) throw new Error("the grants are there as soon as a module requires them");
      serveGrants(grants, link, host.surroundings);
    },
  };

  return { module, extension, files: migrations, remotes: [remote] };
}
