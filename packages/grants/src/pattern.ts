const segment = "(?:\\*|[a-z][a-z0-9]*(?:-[a-z0-9]+)*)";

/** The form of a pattern, as a regular expression: a full code, in which `*` stands for whole segments. */
export const patternForm = `^${segment}(?:\\.${segment})*$`;

/** The most characters that a pattern may have. */
export const patternLimit = 200;

/**
 * Whether a code fits a pattern. A `*` stands for one segment, and as the last one for one or more:
 * `tickets.*` fits `tickets.export` and `tickets.ticket.close`, but not `tickets`.
 */
export function fits(pattern: string, code: string): boolean {
  if (!pattern.includes("*")) return pattern === code;
  const wanted = pattern.split(".");
  const given = code.split(".");
  const isOpen = wanted.at(-1) === "*";
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, index) => part === "*" || part === given[index]);
}
