import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag, type ScalarTagDefinition } from "js-yaml";

/** The tags that a plain scalar may turn out to be of, by the code of its first character. */
const tagsByFirst: readonly (readonly ScalarTagDefinition[] | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const first = String.fromCharCode(code);
  const tags = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag].filter((tag) =>
    tag.implicitFirstChars?.includes(first),
  );
  return tags.length === 0 ? undefined : tags;
});

/** The value of a plain scalar by the core schema of YAML 1.2: null, a boolean, a number or the text itself. */
export function resolvePlain(text: string): null | boolean | number | string {
  if (text === "") return null;
  const tags = tagsByFirst[text.charCodeAt(0)];
  if (tags === undefined) return text;
  for (const tag of tags) {
    const value: unknown = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value as null | boolean | number;
  }
  return text;
}
