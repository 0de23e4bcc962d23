import { platformError, type RemoteLink } from "@plinth/module";
import type { PermissionCatalogue } from "../catalogue.ts";
import type { PermissionInfo } from "../permission.ts";
import type { Principal } from "../principal.ts";

/** What a module's process is told of the permissions before the module's `setup`. */
export interface PermissionsBeginning {
  readonly permissions: readonly PermissionInfo[];
  /** The other module that has installed an authorizer, if one has. */
  readonly authorizedBy: string | undefined;
}

/** What the host's end of the service needs besides the service. */
export interface PermissionsSurroundings {
  /** The module other than this one that has installed an authorizer. */
  takenFor(module: string): string | undefined;
  /** Calls `listener` whenever the permissions have changed, until the signal aborts. */
  onChange(listener: () => void, signal: AbortSignal): void;
}

/** Lets a module in another process check permissions, know them, and decide on them. */
export function servePermissions(
  permissions: PermissionCatalogue,
  link: RemoteLink,
  { takenFor, onChange }: PermissionsSurroundings,
): void {
  const { name: module } = link.module;
  link.handle(
    "begin",
    (): PermissionsBeginning => ({ permissions: permissions.list(), authorizedBy: takenFor(module) }),
  );
  // A process that is gone need not know.
  onChange(() => void link.call("changed", [permissions.list()]).catch(() => {}), link.signal);
  link.handle("can", ([principal, code]) => permissions.can(principal as Principal | undefined, String(code)));
  link.handle("authorize", () =>
    permissions.useAuthorizer({
      async can(principal, code) {
        try {
          return await link.call<boolean>("decide", [principal, code]);
        } catch (error) {
          throw link.signal.aborted ? platformError("PERMISSION_UNDECIDED", { code, module }, { cause: error }) : error;
        }
      },
    }),
  );
}
