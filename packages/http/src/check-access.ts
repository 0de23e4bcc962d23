import type { Logger } from "@plinth/module";
import { expiredError, type PermissionCatalogue } from "@plinth/permissions";
import type { KnownRoute } from "./app.ts";

/**
 * Looks at who may call a route, and warns when nobody may.
 *
 * @throws PlatformError for a route whose permission was retired so long ago that nobody gets through.
 */
export function checkAccess(
  { name, access, options }: KnownRoute,
  { permissions, log }: { readonly permissions: PermissionCatalogue; readonly log: Logger },
): void {
  const permission = permissions.get(access?.permission ?? "");
  if (permission?.expired) throw expiredError(permission);
  if (options.method === "HEAD") return;
  const fields = { route: name, permission: access?.permission };
  if (access === undefined) log.warn(fields, "a route states no access: nobody may call it");
  else if (access.permission !== undefined && permission === undefined) {
    log.warn(fields, "a route names a permission that no module declares: nobody may call it");
  }
}
