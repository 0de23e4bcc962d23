/** Whether a role's pattern allows the codes that fit it, or denies them. */
export type Effect = "allow" | "deny";

/** One thing that a role says. */
export interface Grant {
  readonly pattern: string;
  readonly effect: Effect;
}

/** A role, and the patterns of what it allows and denies. */
export interface Role {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  readonly description: string;
  /** In alphabetical order. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** The form of a role's name, as a regular expression. */
export const roleNameForm = "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$";

/** The most characters that a role's name may have. */
export const roleNameLimit = 63;

/** What a role says, as a list. */
export function grantsOf({ allow, deny }: Pick<Role, "allow" | "deny">): readonly Grant[] {
  return [
    ...allow.map((pattern): Grant => ({ pattern, effect: "allow" })),
    ...deny.map((pattern): Grant => ({ pattern, effect: "deny" })),
  ];
}
