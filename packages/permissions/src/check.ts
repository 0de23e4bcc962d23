import { type Logger, type MaybePromise, type PlatformError, platformError } from "@plinth/module";
import type { Authorizer } from "./authorizer.ts";
import { PermissionDenied } from "./denied.ts";
import { nearestHint } from "./nearest.ts";
import type { PermissionInfo, PermissionMap } from "./permission.ts";
import type { Principal } from "./principal.ts";

/** What a check looks at; it changes while the platform runs. */
export interface CheckSources {
  readonly permissions: PermissionMap;
  /** The authorizer that decides on a code; throws when it cannot be asked now. */
  readonly authorizerFor: (code: string) => Authorizer | undefined;
}

/** The most codes that are reported, so that made-up codes cannot fill memory or the log. */
const reportLimit = 1000;

/** The checks of {@link PermissionCatalogue}. */
export class Check {
  readonly #sources: CheckSources;
  readonly #log: Logger;
  readonly #reported = new Set<string>();
  #toldOfNoAuthorizer = false;

  constructor(sources: CheckSources, log: Logger) {
    this.#sources = sources;
    this.#log = log;
  }

  can(principal: Principal | undefined, code: string): boolean | Promise<boolean> {
    const permission = this.#sources.permissions.get(code);
    if (permission === undefined || permission.expired) {
      this.#report(code, permission);
      return false;
    }
    if (principal === undefined) return false;
    const authorizer = this.#sources.authorizerFor(code);
    if (authorizer === undefined) {
      if (!this.#toldOfNoAuthorizer)
        this.#log.warn({ code }, "no module has installed an authorizer: permissions are denied");
      this.#toldOfNoAuthorizer = true;
      return false;
    }
    const answer = authorizer.can(principal, permission.current);
    return typeof answer === "boolean" ? answer : Promise.resolve(answer).then(isTrue);
  }

  require(principal: Principal | undefined, code: string): MaybePromise<void> {
    const answer = this.can(principal, code);
    if (typeof answer === "boolean") return this.#demand(answer, principal, code);
    return answer.then((allowed) => this.#demand(allowed, principal, code));
  }

  #demand(allowed: boolean, principal: Principal | undefined, code: string): void {
    if (!allowed) throw refusal(this.#sources.permissions.get(code), code, principal !== undefined);
  }

  /** Logs each code once. */
  #report(code: string, expired: PermissionInfo | undefined): void {
    if (this.#reported.has(code) || this.#reported.size >= reportLimit) return;
    this.#reported.add(code);
    const problem = expired === undefined ? this.#unknownError(code) : expiredError(expired);
    this.#log.error({ problem: problem.toJSON() }, problem.message);
  }

  #unknownError(code: string): PlatformError {
    const codes = [...this.#sources.permissions.keys()];
    const hint = nearestHint(code, codes, "Declare it in a manifest, or mend the code.");
    return platformError("PERMISSION_UNKNOWN", { code, hint });
  }
}

/** What is thrown where somebody may not do what `code` stands for; `permission` is what is known of it. */
export function refusal(permission: PermissionInfo | undefined, code: string, signedIn: boolean): PlatformError {
  return permission?.expired ? expiredError(permission) : new PermissionDenied(permission?.current ?? code, signedIn);
}

/** The error for a check of a code whose time is over. */
export function expiredError({ code, current, module, retired }: PermissionInfo): PlatformError {
  const hint = current === code ? "Remove the check." : `Check "${current}" instead.`;
  return platformError("PERMISSION_EXPIRED", { code, module, retired: String(retired), hint });
}

/** Whatever else an authorizer written in JavaScript answers, it is no permission. */
function isTrue(answer: unknown): boolean {
  return answer === true;
}
