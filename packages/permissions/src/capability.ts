import { type Capability, defineModule, type Extension, type RemoteService, scoped } from "@plinth/module";
import { type PermissionCatalogue, Permissions } from "./catalogue.ts";
import { Check } from "./check.ts";
import { collectPermissions } from "./collect.ts";
import type { Locate } from "./declared.ts";
import { InstalledAuthorizer } from "./installed-authorizer.ts";
import type { PermissionMap } from "./permission.ts";
import { servePermissions } from "./remote/serve-permissions.ts";
import { type PermissionsSection, permissionsSection } from "./section.ts";

export interface PermissionsOptions {
  /** Finds line and column of a key in a manifest. Default: errors name the file alone. */
  readonly locate?: Locate;
}

/**
 * Permissions as a part of the platform: the manifest's section `permissions`, and the service
 * {@link Permissions}. Each call makes one for one platform.
 */
export function permissionsCapability(options: PermissionsOptions = {}): Capability {
  const { locate = (file) => ({ file }) } = options;
  const installed = new InstalledAuthorizer();
  const followers = new Set<() => void>();
  let checked: PermissionMap = new Map();
  let permissions: PermissionMap = checked;

  const extension: Extension<PermissionsSection> = {
    name: "permissions",
    section: { key: "permissions", schema: permissionsSection },
    check(modules) {
      const found = collectPermissions(modules, locate);
      checked = found.permissions;
      return found.problems;
    },
    accept() {
      permissions = checked;
      for (const follow of followers) follow();
    },
    afterStart: (facts) => installed.moduleRuns(facts.name),
    beforeStop: (facts) => installed.moduleStops(facts.name),
    afterStop: (facts) => installed.moduleStops(facts.name),
  };

  const module = defineModule(
    { name: "permissions", version: "0.1.0", description: "The platform's permission codes and their checks." },
    {
      provides: { permissions: Permissions },
      setup({ log }) {
        const sources = {
          get permissions() {
            return permissions;
          },
          authorizerFor: (code: string) => installed.for(code),
        };
        const check = new Check(sources, log);
        return {
          permissions: scoped<PermissionCatalogue>((consumer) => ({
            list: () => [...permissions.values()],
            get: (code) => permissions.get(code),
            can: (principal, code) => check.can(principal, code),
            require: (principal, code) => check.require(principal, code),
            useAuthorizer: (authorizer) => installed.install(consumer.name, authorizer),
          })),
        };
      },
    },
  );

  const remote: RemoteService<PermissionCatalogue> = {
    service: Permissions,
    get entry() {
      return import.meta.resolve("@plinth/permissions/remote");
    },
    serve: (service, link) =>
      servePermissions(service, link, {
        takenFor: (module) => installed.takenFor(module),
        onChange(listener, signal) {
          followers.add(listener);
          signal.addEventListener("abort", () => followers.delete(listener), { once: true });
        },
      }),
  };

  return { module, extension, remotes: [remote] };
}
