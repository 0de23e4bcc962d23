import type { Clock } from "@plinth/module";
import type { Authorizer, Principal } from "@plinth/permissions";
import { type Grant, rightsOf } from "./grant.ts";

/** Where grants are kept. */
export interface GrantSource {
  /** A number that changes with every change of grants and assignments. */
  revision(): Promise<number>;
  /** The grants of all roles of a user. */
  grantsOf(userId: string): Promise<readonly Grant[]>;
}

type Rights = ReturnType<typeof rightsOf>;

/** The most users whose rights are remembered; beyond that those who came first are asked for again. */
const userLimit = 10_000;

/**
 * Decides from memory. Once in `maxAgeMs`, when somebody asks, it compares the revision of the grants
 * and forgets everything if that has changed: so each replica follows a change within that time, and
 * all other checks cost no query. It denies by throwing when the grants cannot be read.
 */
export class RolesAuthorizer implements Authorizer {
  readonly #source: GrantSource;
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #byUser = new Map<string, Rights>();
  #revision: number | undefined;
  #freshUntil = Number.NEGATIVE_INFINITY;
  #comparing: Promise<void> | undefined;

  constructor(source: GrantSource, clock: Clock, maxAgeMs: number) {
    this.#source = source;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  can({ id }: Principal, code: string): boolean | Promise<boolean> {
    if (this.#clock.now() < this.#freshUntil) {
      const rights = this.#byUser.get(id);
      if (rights !== undefined) return rights(code);
    }
    return this.rights(id).then((allows) => allows(code));
  }

  /** What a user may do, as fresh as an answer of {@link can}. */
  async rights(userId: string): Promise<Rights> {
    if (this.#clock.now() >= this.#freshUntil) await this.#compare();
    const users = this.#byUser;
    const known = users.get(userId);
    if (known !== undefined) return known;
    const rights = rightsOf(await this.#source.grantsOf(userId));
    // Kept where it was missing: not in a later map, which must not hold what was read before a change.
    users.set(userId, rights);
    if (users.size > userLimit) users.delete(users.keys().next().value ?? "");
    return rights;
  }

  /** Makes a change that this process has made count at once. */
  forget(): void {
    this.#byUser = new Map();
    this.#revision = undefined;
  }

  /** One comparison serves all who wait for it. */
  #compare(): Promise<void> {
    this.#comparing ??= this.#compareOnce().finally(() => {
      this.#comparing = undefined;
    });
    return this.#comparing;
  }

  async #compareOnce(): Promise<void> {
    const asked = this.#clock.now();
    const revision = await this.#source.revision();
    if (revision !== this.#revision) {
      this.#byUser = new Map();
      this.#revision = revision;
    }
    this.#freshUntil = asked + this.#maxAgeMs;
  }
}
