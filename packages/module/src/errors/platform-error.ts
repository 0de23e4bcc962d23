import { type ErrorText, fillIn, type ValuesFor } from "./define.ts";
import { type ErrorCode, errorTable } from "./table.ts";

/** A place in a file. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** An error in the shape that `--json` prints. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly at: readonly SourceLocation[];
}

/** Everything that Plinth throws or reports: a stable code, what is wrong, what to do, and where. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
  readonly code: string;
  readonly fix: string;
  /** The places concerned, the most telling first; empty where no file is. */
  readonly at: readonly SourceLocation[];

  constructor(problem: Omit<Problem, "at"> & { readonly at?: readonly SourceLocation[] }, options?: ErrorOptions) {
    super(problem.message, options);
    this.code = problem.code;
    this.fix = problem.fix;
    this.at = problem.at ?? [];
  }

  toJSON(): Problem {
    return { code: this.code, message: this.message, fix: this.fix, at: this.at };
  }
}

/** Several problems found in one go. Its message lists them all. */
export class PlatformErrors extends AggregateError {
  override readonly name = "PlatformErrors";
  declare readonly errors: PlatformError[];

  constructor(problems: readonly PlatformError[]) {
    super(problems, problems.map((problem) => `${problem.code}: ${problem.message}`).join("\n"));
  }
}

/** Where an error happened and what caused it. */
export interface ErrorDetails {
  readonly at?: readonly SourceLocation[];
  readonly cause?: unknown;
}

/** Makes an error of the table; the values that its texts need are checked by the compiler. */
export function platformError<Code extends ErrorCode>(
  code: Code,
  values: ValuesFor<(typeof errorTable)[Code]>,
  details: ErrorDetails = {},
): PlatformError {
  const text: ErrorText = errorTable[code];
  return new PlatformError(
    { code, message: fillIn(text.message, values), fix: fillIn(text.fix, values), at: details.at ?? [] },
    details.cause === undefined ? undefined : { cause: details.cause },
  );
}

/** All problems inside a thrown value: one, several, or none when it is no error of the platform. */
export function problemsOf(thrown: unknown): readonly PlatformError[] {
  if (thrown instanceof PlatformError) return [thrown];
  return thrown instanceof PlatformErrors ? thrown.errors : [];
}
