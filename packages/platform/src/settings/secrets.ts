import { holdsSecret, isRecord, isSecret, nodeAt, type SchemaNode } from "./json-schema.ts";

/** What stands in place of a value that must not be shown. */
export const mask = "***";

const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*:)[^\s]*@/gi;
const secretParameter = /([?&;](?:password|passwd|pwd|secret|token|api_?key)=)[^&;\s]*/gi;

/** Masks the passwords inside URLs, in their user part and in their parameters. */
export function maskUrls(text: string): string {
  return text.replace(urlPassword, `$1${mask}@`).replace(secretParameter, `$1${mask}`);
}

/** A copy of `value` that may be shown: what the schema calls secret is masked, and so are passwords in URLs. */
export function masked(value: unknown, node: SchemaNode | undefined): unknown {
  if (node !== undefined && isSecret(node)) return mask;
  if (Array.isArray(value)) {
    return value.map((item, index) => masked(item, node && nodeAt(node, [String(index)])));
  }
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, masked(inner, node && nodeAt(node, [key]))]),
    );
  }
  // A secret that slipped to the place of the section that should hold it.
  if (node !== undefined && value !== null && holdsSecret(node)) return mask;
  return typeof value === "string" ? maskUrls(value) : value;
}

const longest = 80;

/**
 * A value as messages show it: on one line, masked, cut where it is long. Sections are only named as such, since
 * a secret under a misspelt key would not be recognised in them.
 */
export function showValue(value: unknown, node: SchemaNode | undefined): string {
  const shown = masked(value, node);
  if (shown === mask) return mask;
  if (isRecord(shown)) return "a section";
  if (Array.isArray(shown) && shown.some((item) => typeof item === "object")) return "a list";
  const text = JSON.stringify(shown) ?? String(shown);
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
