import type { Database, Queries } from "@plinth/database";
import type { Codes, Rename } from "./codes.ts";
import { type KnownRename, planRenames } from "./plan-renames.ts";
import { readRoles, type StoredGrant } from "./stored.ts";

/** What a run of {@link followRenames} has done. */
export interface Followed {
  /** Those that had not been followed before. */
  readonly renames: readonly Rename[];
  /** What roles got. */
  readonly written: readonly StoredGrant[];
  /** How many grants of codes whose time is over were deleted. */
  readonly deleted: number;
}

/** The renames that the grants have followed before, each as `old new`. */
export async function readFollowed(queries: Queries): Promise<ReadonlySet<string>> {
  const { rows } = await queries.query<Rename>("select code, successor from grants.renames");
  return new Set(rows.map(keyOf));
}

/** What is left to do, given what was done before and what roles say. */
export function isPending(codes: Codes, followed: ReadonlySet<string>, grants: readonly StoredGrant[]): boolean {
  const renames = knownRenames(codes, followed);
  return (
    renames.some(({ isFollowed }) => !isFollowed) ||
    grants.some(({ pattern }) => codes.isExpired(pattern)) ||
    planRenames(grants, renames).length > 0
  );
}

/**
 * Lets the stored grants follow the renames that they have not followed yet, in one transaction, and
 * notes each, so that a grant that somebody takes away afterwards stays away. Deletes grants that
 * name nothing but a code whose time is over. Several processes may do this at one time.
 */
export function followRenames(database: Database, codes: Codes): Promise<Followed> {
  return database.transaction(async (queries) => {
    await lockGrants(queries);
    const followed = await readFollowed(queries);
    const { grants } = await readRoles(queries);
    const known = knownRenames(codes, followed);
    const written = planRenames(grants, known);
    const renames = known.flatMap(({ code, successor, isFollowed }) => (isFollowed ? [] : [{ code, successor }]));
    for (const { role, pattern, effect } of written) {
      await queries.query(
        `insert into grants.role_grants (role, pattern, effect) values ($1, $2, $3)
         on conflict (role, pattern) do update set effect = excluded.effect`,
        [role, pattern, effect],
      );
    }
    for (const { code, successor } of renames) {
      // A code that gets its old name back can be renamed once more.
      await queries.query("delete from grants.renames where code = $1 and successor = $2", [successor, code]);
      await queries.query("insert into grants.renames (code, successor) values ($1, $2)", [code, successor]);
    }
    const expired = [...new Set(grants.map(({ pattern }) => pattern).filter((pattern) => codes.isExpired(pattern)))];
    const { rowCount } = await queries.query("delete from grants.role_grants where pattern = any($1)", [expired]);
    return { renames, written, deleted: rowCount };
  });
}

/** Waits until nobody else is changing grants; lasts to the end of the transaction. */
export async function lockGrants(queries: Queries): Promise<void> {
  await queries.query("select from grants.revision for update");
}

function knownRenames(codes: Codes, followed: ReadonlySet<string>): readonly KnownRename[] {
  return codes.renames().map((rename) => ({ ...rename, isFollowed: followed.has(keyOf(rename)) }));
}

function keyOf({ code, successor }: Rename): string {
  return `${code} ${successor}`;
}
