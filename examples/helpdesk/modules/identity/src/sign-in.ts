import type { AuditTrail } from "@helpdesk/audit";
import type { Database } from "@plinth/database";
import type { AttemptLimit } from "./attempt-limit.ts";
import type { User } from "./contract.ts";
import { credentialsRefused, emailTaken, tooManyAttempts } from "./problems.ts";
import type { OpenedSession, Sessions } from "./sessions.ts";
import type { Registration, UserDirectory } from "./users.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** What signing in needs of the rest of the module. */
export interface SignInSources {
  readonly db: Database;
  readonly audit: AuditTrail;
  readonly users: UserDirectory;
  readonly sessions: Sessions;
  /** For one e-mail address from one network address, and for all from one network address. */
  readonly limits: { readonly perEmail: AttemptLimit; readonly perAddress: AttemptLimit };
}

/** The two doors that anybody may try: each attempt costs a password hash, so both are limited. */
export class SignIn {
  readonly #sources: SignInSources;

  constructor(sources: SignInSources) {
    this.#sources = sources;
  }

  /** @throws HttpProblem 409 for a taken address, 429 after too many attempts. */
  async register(registration: Registration, address: string): Promise<User> {
    const { users, limits } = this.#sources;
    refuse(limits.perAddress.take(address));
    const user = await users.register(registration);
    if (user === undefined) throw emailTaken();
    return user;
  }

  /** @throws HttpProblem 401 for credentials that do not fit, 429 after too many attempts. */
  async open({ email, password }: Credentials, address: string): Promise<OpenedSession & { readonly user: User }> {
    const { db, audit, users, sessions, limits } = this.#sources;
    const key = `${address} ${email.toLowerCase()}`;
    refuse(limits.perAddress.take(address) ?? limits.perEmail.take(key));
    const user = await users.withPassword(email, password);
    if (user === undefined) {
      const subject = { type: "email", id: email.toLowerCase() };
      await audit.record(db, { action: "session.refused", subject, details: { address } });
      throw credentialsRefused();
    }
    limits.perEmail.forget(key);
    return { ...(await sessions.open(user)), user };
  }
}

function refuse(waitMs: number | undefined): void {
  if (waitMs !== undefined) throw tooManyAttempts(waitMs);
}
