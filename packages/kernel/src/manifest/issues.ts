import { nearest, type PlatformError, platformError } from "@plinth/module";
import { nameLimit } from "./core-schema.ts";
import { type JsonSchema, keysAt } from "./json-schema.ts";
import type { Origin } from "./origin.ts";
import { escapesLexically } from "./relative-path.ts";
import { rangeLimit } from "./semver.ts";
import { describeValue, foreignCharacters, printable } from "./text.ts";
import type { ValuePath } from "./yaml-events.ts";

/** One complaint of a schema. Zod's carry more than the standard asks for, which makes better messages. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly unknown[] | undefined;
  readonly code?: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  /** What is wrong with a key of a record. */
  readonly issues?: readonly Issue[];
  /** What is wrong with each alternative of a union. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** What the issues are about. */
export interface Checked {
  readonly value: unknown;
  readonly origin: Origin;
  readonly jsonSchema: () => JsonSchema;
}

/** The problems that a schema found in the value at `base`, one for each place that is wrong. */
export function problemsFrom(issues: readonly Issue[], base: ValuePath, checked: Checked): PlatformError[] {
  const problems = new Map<string, PlatformError[]>();
  for (const issue of issues) {
    const path = [...base, ...pathOf(issue)];
    if (checked.origin.spoilt.some((spoilt) => spoilt.every((step, index) => path[index] === step))) continue;
    const place = JSON.stringify(path);
    // Of several complaints about one value the first says enough; unknown keys are a matter of their own.
    if (issue.code === "unrecognized_keys") problems.set(`${place}+keys`, fromIssue(issue, path, checked));
    else if (!problems.has(place)) problems.set(place, fromIssue(issue, path, checked));
  }
  return [...problems.values()].flat();
}

function fromIssue(issue: Issue, path: ValuePath, checked: Checked): PlatformError[] {
  const { origin } = checked;
  if (issue.code === "unrecognized_keys") return (issue.keys ?? []).map((key) => unknownKey([...path, key], checked));
  if (issue.code === "invalid_union") return fromUnion(issue, path, checked);
  if (issue.code === "invalid_key") return [badKey(issue, path, checked)];
  const value = valueAt(checked.value, path);
  const rule = rules[issue.message];
  if (rule !== undefined) return [rule(path, "value", String(value), origin)];
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input")) {
    return [wrongType(path, value, [issue.expected ?? ""], checked)];
  }
  if (issue.code === "invalid_value" && issue.message.startsWith("Invalid")) {
    const allowed = (issue.values ?? []).map(String).join(", ");
    return [badValue(path, `must be one of ${allowed}, but is ${describeValue(value)}`, origin)];
  }
  return [badValue(path, sentence(issue.message), origin)];
}

/** Takes the alternative that the value was meant for: the first that accepts its type. */
function fromUnion(issue: Issue, path: ValuePath, checked: Checked): PlatformError[] {
  const branches = issue.errors ?? [];
  const isOfOtherType = (one: Issue) => one.code === "invalid_type" && (one.path ?? []).length === 0;
  const meant = branches.find((branch) => !branch.some(isOfOtherType));
  if (meant !== undefined) return problemsFrom(meant, path, checked);
  if (!issue.message.startsWith("Invalid input")) return [badValue(path, sentence(issue.message), checked.origin)];
  const expected = branches.flatMap((branch) => branch.filter(isOfOtherType).map((one) => one.expected ?? ""));
  return [wrongType(path, valueAt(checked.value, path), expected, checked)];
}

function badKey(issue: Issue, path: ValuePath, { origin }: Checked): PlatformError {
  const [inner] = issue.issues ?? [];
  const rule = inner && rules[inner.message];
  if (rule !== undefined) return rule(path, "key", String(path.at(-1)), origin);
  const reason = issue.message.startsWith("Invalid")
    ? sentence(inner?.message ?? issue.message)
    : sentence(issue.message);
  return platformError("MANIFEST_VALUE", { key: origin.describe(path), reason }, { at: origin.at(path, "key") });
}

/** The error for a key that the schema does not have. */
export function unknownKey(path: ValuePath, { origin, jsonSchema }: Checked): PlatformError {
  const written = String(path.at(-1));
  const known = keysAt(jsonSchema(), path.slice(0, -1));
  const near = nearest(written, known);
  const foreign = foreignCharacters(written);
  const mend =
    near !== undefined
      ? `Did you mean "${near}"?${foreign === "" ? "" : ` The key contains ${foreign}.`}`
      : known.length === 0
        ? "Remove it."
        : `Remove it, or use one of ${known.join(", ")}.`;
  return platformError("MANIFEST_UNKNOWN_KEY", { key: origin.describe(path), mend }, { at: origin.at(path, "key") });
}

function wrongType(path: ValuePath, value: unknown, expected: readonly string[], { origin }: Checked): PlatformError {
  const key = origin.describe(path);
  if (value === undefined) {
    const example = examples[String(path.at(-1))] ?? `${printable(String(path.at(-1)))}: ...`;
    return platformError("MANIFEST_MISSING_KEY", { key, example }, { at: origin.at(path, "key") });
  }
  const at = origin.at(path, "value");
  if (expected.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    const text = printable(origin.written(path) || String(value));
    return platformError(
      "MANIFEST_QUOTE",
      { key, text, found: describeValue(value), mend: quoted(path, text) },
      { at },
    );
  }
  const wanted = [...new Set(expected)].map((type) => typeNames[type] ?? type).join(" or ");
  const mend = path.length === 1 && path[0] !== undefined && path[0] in examples ? "" : ", or remove the key";
  return platformError("MANIFEST_TYPE", { key, expected: wanted, found: describeValue(value), mend }, { at });
}

/** How a number is written as the text that was meant. A version has three numbers. */
function quoted(path: ValuePath, text: string): string {
  const isVersion = path.length === 1 && path[0] === "version";
  return `"${isVersion && /^\d+(?:\.\d+)?$/.test(text) ? `${text}${text.includes(".") ? ".0" : ".0.0"}` : text}"`;
}

const examples: Readonly<Record<string, string>> = { name: "name: tickets", version: "version: 1.0.0" };

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function badValue(path: ValuePath, reason: string, origin: Origin): PlatformError {
  return platformError("MANIFEST_VALUE", { key: origin.describe(path), reason }, { at: origin.at(path, "value") });
}

/** A schema's message as the end of a sentence that begins with the key. */
function sentence(message: string): string {
  const text = printable(message.replace(/\.$/, ""));
  return /^[A-Z]/.test(text) ? `is not accepted: ${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}

type Rule = (path: ValuePath, part: "key" | "value", text: string, origin: Origin) => PlatformError;

/** The errors that the core schema's rules lead to. */
const rules: Readonly<Record<string, Rule>> = {
  MANIFEST_NAME(path, part, text, origin) {
    const key = part === "key" ? `a name in ${origin.describe(path.slice(0, -1))}` : origin.describe(path);
    const at = origin.at(path, part);
    const characters = foreignCharacters(text);
    const name = printable(text);
    if (characters !== "") return platformError("MANIFEST_NAME_NOT_ASCII", { key, name, characters }, { at });
    return platformError("MANIFEST_NAME", { key, name, mend: kebabMend(text) }, { at });
  },
  MANIFEST_VERSION: (path, part, text, origin) =>
    platformError(
      "MANIFEST_VERSION",
      { key: origin.describe(path), value: printable(text) },
      { at: origin.at(path, part) },
    ),
  MANIFEST_RANGE: (path, part, text, origin) =>
    platformError(
      "MANIFEST_RANGE",
      { key: origin.describe(path), value: printable(text) },
      { at: origin.at(path, part) },
    ),
  MANIFEST_RANGE_TOO_LONG: (path, part, text, origin) =>
    platformError(
      "MANIFEST_RANGE_TOO_LONG",
      { key: origin.describe(path), length: text.length, limit: rangeLimit },
      { at: origin.at(path, part) },
    ),
  MANIFEST_DURATION: (path, part, text, origin) =>
    platformError(
      "MANIFEST_DURATION",
      { key: origin.describe(path), value: printable(text) },
      { at: origin.at(path, part) },
    ),
  MANIFEST_PATH_OUTSIDE: (path, part, text, origin) =>
    platformError(
      "MANIFEST_PATH_OUTSIDE",
      { key: origin.describe(path), path: printable(text), reason: escapesLexically(text) ?? "" },
      { at: origin.at(path, part) },
    ),
};

function kebabMend(text: string): string {
  const kebab = text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, nameLimit);
  return kebab === "" ? "Begin with a letter from a to z; digits and hyphens may follow." : `Write "${kebab}".`;
}

function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], value);
}

function pathOf(issue: Issue): (string | number)[] {
  return (issue.path ?? []).map((step) => {
    const key = typeof step === "object" && step !== null && "key" in step ? step.key : step;
    return typeof key === "number" ? key : String(key);
  });
}
