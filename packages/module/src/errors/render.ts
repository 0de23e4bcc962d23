import type { Problem, SourceLocation } from "./platform-error.ts";

/** `file:line:column`, as far as it is known. */
export function formatLocation(at: SourceLocation): string {
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(":");
}

/**
 * One problem as people read it: places, code and message, then the mend. Several lines, no colour,
 * no line break at the end.
 */
export function formatProblem(problem: Problem): string {
  const [first, ...others] = problem.at.map(formatLocation);
  return [
    ...(first === undefined ? [] : [first]),
    `  ${problem.code}: ${problem.message}`,
    ...others.map((place) => `  also at ${place}`),
    `  fix: ${problem.fix}`,
  ].join("\n");
}
