import { platformError, type RemoteLink } from "@plinth/module";
import type { PermissionCatalogue } from "../catalogue.ts";
import { refusal } from "../check.ts";
import type { PermissionInfo, PermissionMap } from "../permission.ts";
import type { Principal } from "../principal.ts";
import type { PermissionsBeginning } from "./serve-permissions.ts";

/**
 * The service `Permissions` in a process of the module's own: what there is is known here and follows
 * changes, and the host decides.
 */
export default async function connectPermissions(link: RemoteLink): Promise<PermissionCatalogue> {
  let changed: PermissionMap | undefined;
  link.handle("changed", ([permissions]) => {
    changed = mapOf(permissions as readonly PermissionInfo[]);
  });
  const { permissions, authorizedBy } = await link.call<PermissionsBeginning>("begin");
  const first = mapOf(permissions);
  const known = () => changed ?? first;
  const can = (principal: Principal | undefined, code: string) => link.call<boolean>("can", [principal, code]);
  return {
    list: () => [...known().values()],
    get: (code) => known().get(code),
    can,
    async require(principal, code) {
      if (!(await can(principal, code))) throw refusal(known().get(code), code, principal !== undefined);
    },
    useAuthorizer(authorizer) {
      const { name: module } = link.module;
      if (authorizedBy !== undefined) {
        throw platformError("PERMISSION_AUTHORIZER_TWICE", { first: authorizedBy, second: module });
      }
      link.handle("decide", ([principal, code]) => authorizer.can(principal as Principal, String(code)));
      // Should another have been quicker, the module fails by the unhandled rejection.
      link.call("authorize").catch((error: unknown) => {
        if (!link.signal.aborted) throw error;
      });
    },
  };
}

function mapOf(permissions: readonly PermissionInfo[]): PermissionMap {
  return new Map(permissions.map((permission) => [permission.code, permission]));
}
