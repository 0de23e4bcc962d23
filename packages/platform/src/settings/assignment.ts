import { type PlatformError, platformError } from "@plinth/module";
import type { Override } from "./override.ts";

/** The overrides of `--set` flags such as `http.port=8080`, in the order given, and what is wrong with the others. */
export function overridesFromAssignments(assignments: readonly string[]): {
  readonly overrides: readonly Override[];
  readonly problems: readonly PlatformError[];
} {
  const overrides: Override[] = [];
  const problems: PlatformError[] = [];
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    const path = assignment.slice(0, equals).trim();
    const steps = path.split(".");
    if (equals < 0) problems.push(refused(assignment, "it has no equals sign"));
    else if (steps.some((step) => step === "")) problems.push(refused(path, "a part of its path is empty"));
    else overrides.push({ steps, text: assignment.slice(equals + 1), origin: { kind: "flag", flag: `--set ${path}` } });
  }
  return { overrides, problems };
}

/** Shows no more than what can be a path: the rest may be a secret. */
function refused(assignment: string, reason: string): PlatformError {
  const path = /^[\w.-]*/.exec(assignment)?.[0] ?? "";
  return platformError("SETTINGS_ASSIGNMENT", { assignment: path === "" ? '""' : path, reason });
}
