import type { Codes } from "./codes.ts";
import type { GrantsEdit } from "./edit.ts";
import type { Grants } from "./grants.ts";
import { matrixOf } from "./matrix.ts";
import type { Snapshot } from "./snapshot.ts";

/** The part of {@link Grants} that is answered from memory. */
export type GrantsReads = Omit<Grants, keyof GrantsEdit | "change">;

/** Answers from a snapshot, whatever keeps that up to date. */
export function readGrants(snapshot: Snapshot, codes: () => Codes): GrantsReads {
  return {
    roles: () => snapshot.roles,
    role: (name) => snapshot.roles.find((role) => role.name === name),
    assignedRoles: (principal) => snapshot.assignedRoles(principal),
    rolesOf: (principal) => snapshot.rolesOf(principal),
    principalsWith: (role) => snapshot.principalsWith(role),
    permissionsOf: (principal) =>
      codes().current.flatMap(({ code }) => (snapshot.allows(principal, code) ? [code] : [])),
    matrix: () => matrixOf(snapshot.roles, codes().current),
    unknownPatterns: (patterns) => patterns.filter((pattern) => !codes().isUseful(pattern)),
  };
}
