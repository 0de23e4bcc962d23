import type { Logger, MaybePromise } from "@plinth/module";
import type { PermissionCatalogue, Principal } from "@plinth/permissions";
import type { FastifyRequest, onRequestHookHandler } from "fastify";
import type { Access } from "./access.ts";
import type { Authentication } from "./authentication.ts";
import { HttpProblem, missingPermission, problemKinds, unauthenticated } from "./problem.ts";

export interface GuardSources {
  readonly authentication: Authentication;
  readonly permissions: PermissionCatalogue;
  readonly log: Logger;
}

/**
 * The hook that lets a request through to a route or not. A route that states no access lets nobody
 * through. It awaits only what is a promise.
 */
export function guard(access: Access | undefined, sources: GuardSources): onRequestHookHandler {
  if (access?.public === true) return (_request, _reply, done) => done();
  const admit = access === undefined ? refuse : admitting(access.permission, sources);
  return (request, _reply, done) => {
    let pending: MaybePromise<void>;
    try {
      pending = admit(request);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (pending === undefined) done();
    else pending.then(() => done(), done);
  };
}

function refuse(): never {
  throw new HttpProblem(403, "This route states no access, so nobody may call it.", {
    type: problemKinds.accessUndeclared,
  });
}

function admitting(permission: string | undefined, { authentication, permissions, log }: GuardSources) {
  function check(principal: Principal): MaybePromise<void> {
    if (permission === undefined) return;
    const allowed = permissions.can(principal, permission);
    if (typeof allowed === "boolean") return decide(allowed);
    return allowed.then(decide);
  }

  function decide(allowed: boolean): void {
    if (!allowed) throw missingPermission(neededCode());
  }

  /** What would have to be granted: the successor, where the route names a code that has one. */
  function neededCode(): string {
    return permissions.get(permission ?? "")?.current ?? permission ?? "";
  }

  function signedIn(request: FastifyRequest, principal: Principal | undefined): MaybePromise<void> {
    if (principal === undefined) throw unauthenticated(authentication.challenge, permission && neededCode());
    (request as { principal?: Principal }).principal = principal;
    return check(principal);
  }

  return (request: FastifyRequest): MaybePromise<void> => {
    const principal = authentication.signIn(request, log);
    if (isPromise(principal)) return principal.then((found) => signedIn(request, found));
    return signedIn(request, principal);
  };
}

function isPromise<T>(value: MaybePromise<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value;
}
