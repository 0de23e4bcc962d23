import { type MaybePromise, type ServiceRef, service } from "@plinth/module";
import type { Authorizer } from "./authorizer.ts";
import type { PermissionInfo } from "./permission.ts";
import type { Principal } from "./principal.ts";

/** What the platform knows of permissions, and the one place where they are checked. */
export interface PermissionCatalogue {
  /** All permissions of all modules, in the order of the modules; complete before any module's `setup`. */
  list(): readonly PermissionInfo[];
  /** The permission with this full code. */
  get(code: string): PermissionInfo | undefined;
  /**
   * Whether `principal` may do what the full code stands for. A code with a successor is decided by
   * the successor. Denied: nobody (`undefined`); a code that no module declares, or whose time is
   * over, which is also logged as an error; and everybody when no module has installed an authorizer.
   *
   * @throws PlatformError `PERMISSION_UNDECIDED` while the module that installed it is not running.
   */
  can(principal: Principal | undefined, code: string): boolean | Promise<boolean>;
  /**
   * The same for code that cannot go on without. Await it.
   *
   * @throws PermissionDenied that names the code to grant; PlatformError `PERMISSION_EXPIRED` for a
   *   code whose time is over, `PERMISSION_UNDECIDED` as above.
   */
  require(principal: Principal | undefined, code: string): MaybePromise<void>;
  /**
   * Makes `authorizer` decide, from when the calling module is running until it begins to stop.
   *
   * @throws PlatformError `PERMISSION_AUTHORIZER_TWICE` when another module has installed one.
   */
  useAuthorizer(authorizer: Authorizer): void;
}

/** The platform's permissions, as a service that any module may require. */
export const Permissions: ServiceRef<PermissionCatalogue> = service<PermissionCatalogue>("permissions.permissions");
