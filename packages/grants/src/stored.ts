import type { Queries } from "@plinth/database";
import type { Effect, Grant } from "./role.ts";

/** A grant as it is stored, with its role. */
export interface StoredGrant extends Grant {
  readonly role: string;
}

/** The roles and their grants as they are stored. */
export interface StoredRoles {
  readonly descriptions: ReadonlyMap<string, string>;
  readonly grants: readonly StoredGrant[];
}

/** Who has which roles; the principal has none where the list is empty. */
export interface StoredAssignments {
  readonly principal: string;
  readonly roles: readonly string[];
}

/** What has changed since a revision. */
export interface Reading {
  readonly revision: number;
  readonly roles: StoredRoles;
  /** Whether `assignments` are all there are; else those of the principals that have changed. */
  readonly isWhole: boolean;
  readonly assignments: readonly StoredAssignments[];
}

/** The number of the last change. */
export async function readRevision(queries: Queries): Promise<number> {
  const { rows } = await queries.query<{ number: number }>("select number from grants.revision");
  return Number(rows[0]?.number);
}

/** All roles with their grants, by name. */
export async function readRoles(queries: Pick<Queries, "query">): Promise<StoredRoles> {
  const roles = await queries.query<{ name: string; description: string }>(
    `select name, description from grants.roles order by name collate "C"`,
  );
  const grants = await queries.query<{ role: string; pattern: string; effect: Effect }>(
    `select role, pattern, effect from grants.role_grants order by role collate "C", pattern collate "C"`,
  );
  return {
    descriptions: new Map(roles.rows.map(({ name, description }) => [name, description])),
    grants: grants.rows,
  };
}

/**
 * Reads what has changed since `known`, or everything.
 *
 * @param queries of a transaction that sees one state throughout.
 * @param known the revision of the last reading; `undefined` for the first.
 */
export async function readSince(queries: Queries, known: number | undefined): Promise<Reading> {
  const { rows } = await queries.query<{ number: number; unknown_since: number }>(
    "select number, unknown_since from grants.revision",
  );
  const revision = Number(rows[0]?.number);
  const isWhole = known === undefined || known > revision || known < Number(rows[0]?.unknown_since);
  const roles = await readRoles(queries);
  const assignments = isWhole ? await readAssignments(queries) : await readChanged(queries, known);
  return { revision, roles, isWhole, assignments };
}

async function readAssignments(queries: Queries): Promise<readonly StoredAssignments[]> {
  const { rows } = await queries.query<StoredAssignments>(
    `select principal, array_agg(role order by role collate "C") as roles from grants.assignments group by principal`,
  );
  return rows;
}

async function readChanged(queries: Queries, known: number): Promise<readonly StoredAssignments[]> {
  const { rows } = await queries.query<StoredAssignments>(
    `select id as principal,
       array(select role from grants.assignments where principal = id order by role collate "C") as roles
     from grants.principals where revision > $1`,
    [known],
  );
  return rows;
}
