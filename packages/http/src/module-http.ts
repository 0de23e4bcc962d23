import type { Logger } from "@plinth/module";
import type { PermissionCatalogue } from "@plinth/permissions";
import { createApp } from "./app.ts";
import type { Authentication } from "./authentication.ts";
import { checkAccess } from "./check-access.ts";
import { guard } from "./guard.ts";
import type { Http, HttpAddress } from "./http.ts";
import { httpService } from "./http-service.ts";
import type { Mount } from "./mount.ts";
import type { MountTable } from "./mount-table.ts";
import type { HttpLimits } from "./settings.ts";

export interface ModuleHttpSources {
  readonly mounts: MountTable;
  readonly authentication: Authentication;
  readonly permissions: PermissionCatalogue;
  readonly limits: HttpLimits;
  readonly log: Logger;
  readonly address: () => HttpAddress | undefined;
}

/** The service `Http` of the module whose place is `mount`, in the host's own process. */
export function moduleHttp(mount: Mount, sources: ModuleHttpSources): Http {
  const { module } = mount;
  const { authentication, mounts, limits, log, address } = sources;
  return httpService(mount, {
    mounts,
    address,
    authenticate: (signIn, options) => authentication.install(module, signIn, options),
    createApp: (onRoute) =>
      createApp({
        module,
        limits,
        log,
        onRoute,
        onReady: (route) => checkAccess(route, sources),
        guard: (access) => guard(access, sources),
        challenge: () => authentication.challenge,
      }),
  });
}
