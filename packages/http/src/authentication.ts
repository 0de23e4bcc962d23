import { type Logger, type MaybePromise, platformError } from "@plinth/module";
import type { Principal } from "@plinth/permissions";
import type { FastifyRequest } from "fastify";
import type { HeldRequests } from "./held-requests.ts";
import type { AuthenticateOptions, SignIn } from "./http.ts";
import { HttpProblem, problemKinds } from "./problem.ts";

interface Installed {
  readonly module: string;
  readonly signIn: SignIn;
  readonly challenge: string;
}

/** How the requests of a platform are signed in: by one module, while that module is running. */
export class Authentication {
  #installed: Installed | undefined;
  #standing: "waiting" | "running" | "gone" = "gone";
  #toldOfNone = false;
  readonly #held: HeldRequests;

  constructor(held: HeldRequests) {
    this.#held = held;
  }

  /** What a 401 says of how to sign in. */
  get challenge(): string {
    return this.#installed?.challenge ?? "Bearer";
  }

  install(module: string, signIn: SignIn, { challenge = "Bearer" }: AuthenticateOptions = {}): void {
    const first = this.takenFor(module);
    if (first !== undefined) {
      throw platformError("HTTP_AUTHENTICATION_TWICE", { first, second: module });
    }
    this.#installed = { module, signIn, challenge };
    this.#standing = "waiting";
  }

  /** The module other than this one that signs requests in, if one does. */
  takenFor(module: string): string | undefined {
    const first = this.#installed?.module;
    return first === module || this.#standing === "gone" ? undefined : first;
  }

  moduleRuns(module: string): void {
    if (this.#installed?.module === module) this.#standing = "running";
  }

  /** Requests are not signed in until the module, or another, installs anew. */
  moduleStops(module: string): void {
    if (this.#installed?.module === module) this.#standing = "gone";
  }

  /**
   * Waits while the module that signs in is being exchanged.
   *
   * @throws HttpProblem 503 while it is not running otherwise.
   */
  signIn(request: FastifyRequest, log: Logger): MaybePromise<Principal | undefined> {
    if (this.#installed === undefined) {
      if (!this.#toldOfNone) log.warn("no module has called http.authenticate: nobody can sign in");
      this.#toldOfNone = true;
      return undefined;
    }
    if (this.#standing !== "running") {
      const { module } = this.#installed;
      const released = this.#held.whenReleased(module);
      if (released === undefined) throw moduleNotRunning(module);
      return released.then(() => this.signIn(request, log));
    }
    return this.#installed.signIn(request);
  }
}

/** The answer for a module that is not there for the moment. */
export function moduleNotRunning(module: string, state?: string): HttpProblem {
  const known = state === undefined ? "" : ` (${state})`;
  return new HttpProblem(503, `The module ${module} is not running${known}.`, {
    type: problemKinds.moduleNotRunning,
    headers: { "retry-after": "1" },
    members: { module },
  });
}
