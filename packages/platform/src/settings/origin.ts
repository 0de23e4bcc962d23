import type { SourceLocation } from "@plinth/module";

/** Where the value of a setting came from. */
export type Origin =
  /** The module's manifest, or the platform itself where `at` is missing. */
  | { readonly kind: "default"; readonly at?: SourceLocation }
  /** Given by the program that made the platform. */
  | { readonly kind: "code" }
  | { readonly kind: "file"; readonly at: SourceLocation }
  /** `variable` as it stands in the environment. */
  | { readonly kind: "environment"; readonly variable: string }
  /** `flag` without the value: `--set http.port`. */
  | { readonly kind: "flag"; readonly flag: string };

/** The origin as a part of a sentence: `the variable PLATFORM_HTTP__PORT`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "the default";
    case "code":
      return "the program";
    case "file":
      return "platform.yaml";
    case "environment":
      return `the variable ${origin.variable}`;
    case "flag":
      return origin.flag;
  }
}

/** The source as messages put it behind a value, ` (variable X)`; empty where a place in a file says it. */
export function originSuffix(origin: Origin): string {
  switch (origin.kind) {
    case "environment":
      return ` (variable ${origin.variable})`;
    case "flag":
      return ` (${origin.flag})`;
    case "code":
      return " (given by the program)";
    case "default":
    case "file":
      return "";
  }
}

/** The places of an origin for an error. */
export function originPlaces(origin: Origin): readonly SourceLocation[] {
  return (origin.kind === "file" || origin.kind === "default") && origin.at !== undefined ? [origin.at] : [];
}
