import { PlatformError, platformError } from "@plinth/module";

/**
 * Thrown by {@link PermissionCatalogue.require}. In a route it is answered with 401 for somebody who
 * has not signed in and with 403 otherwise, naming the code.
 */
export class PermissionDenied extends PlatformError {
  /** The full code that is missing: what would have to be granted. */
  readonly permission: string;
  readonly signedIn: boolean;

  constructor(permission: string, signedIn: boolean) {
    super(platformError(signedIn ? "PERMISSION_MISSING" : "PERMISSION_NOT_SIGNED_IN", { code: permission }));
    this.permission = permission;
    this.signedIn = signedIn;
  }
}
