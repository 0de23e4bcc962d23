/** What a role says of the permissions whose codes fit a pattern. */
export interface Grant {
  /** A code, in which `*` stands for one whole segment, and as the last segment for one or more. */
  readonly pattern: string;
  readonly effect: "allow" | "deny";
}

const segment = "(?:\\*|[a-z][a-z0-9]*(?:-[a-z0-9]+)*)";

/** The form of a pattern. */
export const patternForm = `^${segment}(?:\\.${segment})*$`;

/** Whether a code fits a pattern. */
export function fits(pattern: string, code: string): boolean {
  const wanted = pattern.split(".");
  const given = code.split(".");
  const open = wanted.at(-1) === "*";
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, index) => part === "*" || part === given[index]);
}

/**
 * What somebody with these grants may do. A deny outweighs every allow, whichever role it comes
 * from, and what nothing allows is denied. Answers are remembered by code.
 */
export function rightsOf(grants: readonly Grant[]): (code: string) => boolean {
  const known = new Map<string, boolean>();
  return (code) => {
    const before = known.get(code);
    if (before !== undefined) return before;
    const applying = grants.filter(({ pattern }) => fits(pattern, code));
    const allowed = applying.length > 0 && applying.every(({ effect }) => effect === "allow");
    known.set(code, allowed);
    return allowed;
  };
}
