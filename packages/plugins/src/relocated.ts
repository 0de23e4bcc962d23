import { PlatformError } from "@plinth/module";

/** A problem that was found in a copy, with the places of what was copied. */
export function relocated(problem: PlatformError, place: (file: string) => string): PlatformError {
  const { code, message, fix, at, cause } = problem;
  const there = at.map((each) => ({ ...each, file: place(each.file) }));
  return new PlatformError({ code, message, fix, at: there }, cause === undefined ? undefined : { cause });
}
