import { type Logger, platformError } from "@plinth/module";
import type { Authorizer } from "./authorizer.ts";
import { nearestHint } from "./nearest.ts";
import type { PermissionMap } from "./permission.ts";
import type { Principal } from "./principal.ts";
import { currentCode } from "./successors.ts";

/** What a check looks at; it changes while the platform runs. */
export interface CheckSources {
  readonly permissions: PermissionMap;
  /** The authorizer that decides on a code; throws when it cannot be asked now. */
  readonly authorizerFor: (code: string) => Authorizer | undefined;
}

/** The most unknown codes that are reported, so that made-up codes cannot fill memory or the log. */
const reportLimit = 1000;

/** Makes the check of {@link PermissionCatalogue.can}. Each unknown code is logged once. */
export function createCheck(sources: CheckSources, log: Logger) {
  const reported = new Set<string>();
  let toldOfNoAuthorizer = false;

  function report(code: string): void {
    if (reported.has(code) || reported.size >= reportLimit) return;
    reported.add(code);
    const hint = nearestHint(code, [...sources.permissions.keys()], "Declare it in a manifest, or mend the code.");
    const problem = platformError("PERMISSION_UNKNOWN", { code, hint });
    log.error({ problem: problem.toJSON() }, problem.message);
  }

  return (principal: Principal | undefined, code: string): boolean | Promise<boolean> => {
    if (!sources.permissions.has(code)) {
      report(code);
      return false;
    }
    if (principal === undefined) return false;
    const authorizer = sources.authorizerFor(code);
    if (authorizer === undefined) {
      if (!toldOfNoAuthorizer) log.warn({ code }, "no module has installed an authorizer: permissions are denied");
      toldOfNoAuthorizer = true;
      return false;
    }
    const answer = authorizer.can(principal, currentCode(code, sources.permissions));
    return typeof answer === "boolean" ? answer : Promise.resolve(answer).then(isTrue);
  };
}

/** Whatever else an authorizer written in JavaScript answers, it is no permission. */
function isTrue(answer: unknown): boolean {
  return answer === true;
}
