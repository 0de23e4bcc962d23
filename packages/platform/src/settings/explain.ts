import { nearest } from "@plinth/kernel";
import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { variableName } from "./environment.ts";
import { describeExpectation } from "./expectation.ts";
import { isSecret, keysOf, nodeAt, type SchemaNode } from "./json-schema.ts";
import { describeOrigin, type Origin, originPlaces, originSuffix } from "./origin.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import { showValue } from "./secrets.ts";

/** What is needed to speak of an issue: whose settings they are, and where each value came from. */
export interface Explained {
  /** `module "http"` or `the platform`. */
  readonly owner: string;
  /** Path of the checked value in platform.yaml: the module's name, or nothing. */
  readonly prefix: readonly string[];
  readonly node: SchemaNode;
  readonly originOf: (path: readonly string[], part: "key" | "value") => Origin;
  /** Where the missing setting at `path` should have been, the most telling place first. */
  readonly missingAt: (path: readonly string[]) => readonly SourceLocation[];
}

/** The error that tells a person of an issue. */
export function explainIssue(issue: SchemaIssue, about: Explained): PlatformError {
  const path = [...about.prefix, ...issue.path];
  const setting = path.join(".");
  const node = nodeAt(about.node, issue.path);
  if (issue.kind === "unknown") {
    return unknownSetting(path, about.originOf(path, "key"), about, nodeAt(about.node, issue.path.slice(0, -1)));
  }
  if (issue.kind === "missing") {
    const expectation = describeExpectation(node?.views[0] ?? {});
    return platformError(
      "SETTINGS_MISSING",
      { setting, variable: variableName(path), expectation },
      { at: about.missingAt(path) },
    );
  }
  const origin = about.originOf(path, "value");
  const value = issue.value === undefined ? "missing" : showValue(issue.value, node);
  const expectation = describeExpectation(issue.schema);
  const at = originPlaces(origin);
  if (origin.kind === "default") return platformError("SETTINGS_DEFAULT", { setting, value, expectation }, { at });
  return platformError(
    "SETTINGS_INVALID",
    {
      setting,
      value,
      expectation,
      from: originSuffix(origin),
      place: origin.kind === "file" ? `${setting} in platform.yaml` : describeOrigin(origin),
      example: exampleOf(issue, node),
    },
    { at },
  );
}

/** The error for a key that `section` does not take; `path` ends in the key. `meant` is the nearest setting, if not in the section. */
export function unknownSetting(
  path: readonly string[],
  origin: Origin,
  about: Pick<Explained, "owner">,
  section: SchemaNode | undefined,
  meant?: readonly string[],
): PlatformError {
  const parent = path.slice(0, -1);
  const keys = section === undefined ? [] : keysOf(section);
  const key = nearest(path.at(-1) ?? "", keys);
  const near = meant ?? (key === undefined ? undefined : [...parent, key]);
  return platformError(
    "SETTINGS_UNKNOWN",
    {
      setting: path.join("."),
      owner: about.owner,
      from: originSuffix(origin),
      hint: near === undefined ? `Remove it: ${listKeys(keys, parent)}.` : `Write ${spell(near, origin)} instead.`,
    },
    { at: originPlaces(origin) },
  );
}

const shownKeys = 12;

function listKeys(keys: readonly string[], parent: readonly string[]): string {
  const where = parent.length === 0 ? "the platform" : parent.join(".");
  if (keys.length === 0) return `${where} has no settings`;
  const more = keys.length > shownKeys ? ` and ${keys.length - shownKeys} more` : "";
  return `${where} has ${keys.slice(0, shownKeys).join(", ")}${more}`;
}

/** A setting as the source that named it would have to write it. */
export function spell(path: readonly string[], origin: Origin): string {
  if (origin.kind === "environment") return variableName(path);
  return origin.kind === "flag" ? `--set ${path.join(".")}=...` : `"${path.at(-1)}"`;
}

function exampleOf({ schema }: SchemaIssue, node: SchemaNode | undefined): string {
  if (node === undefined || isSecret(node)) return "";
  const example = Array.isArray(schema.examples) ? schema.examples[0] : schema.default;
  return example === undefined || typeof example === "object" ? "" : `, for example ${example}`;
}
