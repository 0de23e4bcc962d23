import type { Database, Queries } from "@plinth/database";
import type { Clock, HealthResult, Logger } from "@plinth/module";
import type { Authorizer, PermissionCatalogue } from "@plinth/permissions";
import { Codes } from "./codes.ts";
import { editGrants, type GrantsEdit } from "./edit.ts";
import { followRenames, isPending, lockGrants, readFollowed } from "./follow-renames.ts";
import type { Grants } from "./grants.ts";
import { readGrants } from "./read-grants.ts";
import type { GrantsNews, GrantsSurroundings } from "./remote/serve-grants.ts";
import type { Role } from "./role.ts";
import type { GrantsSettings } from "./settings.ts";
import { Snapshot } from "./snapshot.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";
import type { StoredRoles } from "./stored.ts";

/** What the host needs of its surroundings. */
export interface GrantsSources {
  readonly database: Database;
  readonly permissions: PermissionCatalogue;
  readonly settings: GrantsSettings;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the module and the extension of the capability share: the grants in memory, and what keeps them right. */
export class GrantsHost {
  readonly #sources: GrantsSources;
  readonly #snapshot: Snapshot;
  readonly #keeper: SnapshotKeeper;
  readonly #followers = new Set<(news: GrantsNews) => void>();
  #codes: Codes | undefined;
  /** The renames that the grants have followed; `undefined` before the start. */
  #followed: ReadonlySet<string> | undefined;
  #following: Promise<void> | undefined;
  #lookedAt:
    | {
        readonly codes: Codes;
        readonly stored: StoredRoles;
        readonly followed: ReadonlySet<string>;
        readonly isPending: boolean;
      }
    | undefined;

  constructor(sources: GrantsSources) {
    const { database, settings, clock, log } = sources;
    this.#sources = sources;
    this.#snapshot = new Snapshot(() => this.codes, settings.defaultRole);
    this.#keeper = new SnapshotKeeper({
      database,
      snapshot: this.#snapshot,
      clock,
      log,
      pollMs: settings.pollMs,
      onReading: (reading) => this.#tell({ reading }),
    });
  }

  /** The permissions of the platform now. */
  get codes(): Codes {
    this.#codes ??= new Codes(this.#sources.permissions.list());
    return this.#codes;
  }

  /** To be called when modules have come or gone. */
  forgetCodes(): void {
    this.#codes = undefined;
    this.#snapshot.forgetRights();
    if (this.#followers.size > 0) this.#tell({ permissions: this.#sources.permissions.list() });
  }

  /** What modules in other processes follow. */
  readonly surroundings: GrantsSurroundings = {
    beginning: () => ({
      permissions: this.#sources.permissions.list(),
      defaultRole: this.#sources.settings.defaultRole,
      reading: this.#snapshot.whole,
    }),
    follow: (listener) => {
      this.#followers.add(listener);
      return () => void this.#followers.delete(listener);
    },
  };

  #tell(news: GrantsNews): void {
    for (const listener of this.#followers) listener(news);
  }

  readonly authorizer: Authorizer = {
    can: ({ id }, code) => this.#snapshot.allows(id, code),
  };

  async start(): Promise<void> {
    this.#followed = await readFollowed(this.#sources.database);
    await this.#keeper.start();
  }

  stop(): void {
    this.#keeper.stop();
  }

  /**
   * Lets the stored grants follow renames of permissions, when there are new ones. It waits for the
   * migrations of all modules, since they may write grants under the old codes.
   */
  followRenames(): Promise<void> | undefined {
    if (this.#followed === undefined || !this.#hasRenames(this.#followed)) return undefined;
    this.#following ??= this.#follow().finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  /** Many modules ask, and the answer is the same until something has changed. */
  #hasRenames(followed: ReadonlySet<string>): boolean {
    const { codes } = this;
    const { stored } = this.#snapshot;
    const before = this.#lookedAt;
    if (before?.codes === codes && before.stored === stored && before.followed === followed) return before.isPending;
    this.#lookedAt = { codes, stored, followed, isPending: isPending(codes, followed, stored.grants) };
    return this.#lookedAt.isPending;
  }

  async #follow(): Promise<void> {
    const { database, log } = this.#sources;
    await database.migrated();
    const { renames, written, deleted } = await followRenames(database, this.codes);
    this.#followed = await readFollowed(database);
    await this.#keeper.refresh();
    if (renames.length + written.length > 0)
      log.info({ renames, written, deleted }, "the grants have followed the renamed permissions");
  }

  health(): HealthResult {
    const missing = this.#snapshot.missingDefault;
    if (missing === undefined) return this.#keeper.health();
    const message = `there is no role "${missing}", which the setting grants.defaultRole gives to everybody without one`;
    return { status: "warn", message };
  }

  /** The grants as modules see them. */
  get service(): Grants {
    const alone =
      <Args extends readonly unknown[], T>(work: (edit: GrantsEdit, ...args: Args) => Promise<T>) =>
      (...args: Args) =>
        this.#change((edit) => work(edit, ...args));
    return {
      ...readGrants(this.#snapshot, () => this.codes),
      change: (work) => this.#change(work),
      defineRole: alone((edit, role: Role) => edit.defineRole(role)),
      removeRole: alone((edit, role: string) => edit.removeRole(role)),
      grant: alone((edit, role: string, pattern: string) => edit.grant(role, pattern)),
      deny: alone((edit, role: string, pattern: string) => edit.deny(role, pattern)),
      revoke: alone((edit, role: string, pattern: string) => edit.revoke(role, pattern)),
      assign: alone((edit, principal: string, role: string) => edit.assign(principal, role)),
      unassign: alone((edit, principal: string, role: string) => edit.unassign(principal, role)),
    };
  }

  async #change<T>(work: (edit: GrantsEdit, transaction: Queries) => Promise<T>): Promise<T> {
    const { database, log } = this.#sources;
    const result = await database.transaction(async (transaction) => {
      await lockGrants(transaction);
      return work(editGrants(transaction, this.codes), transaction);
    });
    // The change is made, whatever becomes of reading it back; that is tried again soon.
    await this.#keeper.refresh().catch((error: unknown) => log.warn({ err: error }, "a change of grants counts later"));
    return result;
  }
}
