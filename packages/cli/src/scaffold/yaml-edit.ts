import { type Flaw, parseYaml, positionOf, type ValuePath, type YamlDocument } from "@plinth/kernel";
import { platformError } from "@plinth/module";

/** A text that is changed at single places, so that comments and layout stay as they are. */
export interface YamlEdit {
  readonly file: string;
  readonly document: YamlDocument;
  /** Puts a plain word in the place of the scalar that is the key, or the value, at a path. */
  replace(path: ValuePath, part: "key" | "value", before: string, after: string): void;
  /** The text with all changes. */
  text(): string;
}

/**
 * Begins to change a YAML file.
 *
 * @throws PlatformError `SCAFFOLD_UNREADABLE` when it is no YAML of which everything is understood.
 */
export function editYaml(file: string, before: string): YamlEdit {
  const document = parseYaml(before);
  if ("reason" in document) throw unreadable(file, document.reason);
  const flaw: Flaw | undefined = document.flaws[0];
  if (flaw !== undefined) throw unreadable(file, flaw.toError([]).message);
  const changes: { readonly offset: number; readonly length: number; readonly word: string }[] = [];
  return {
    file,
    document,
    replace(path, part, old, word) {
      const { line, column } = positionOf(document, path, part);
      const offset = lineStart(before, line) + column - 1;
      const written = [old, `"${old}"`, `'${old}'`].find((each) => before.startsWith(each, offset));
      if (written === undefined) throw unreadable(file, `"${old}" is written in an unusual way in line ${line}`);
      const isQuoted = written !== old;
      changes.push({ offset: offset + (isQuoted ? 1 : 0), length: old.length, word });
    },
    text() {
      const backwards = changes.toSorted((a, b) => b.offset - a.offset);
      return backwards.reduce(
        (text, { offset, length, word }) => text.slice(0, offset) + word + text.slice(offset + length),
        before,
      );
    },
  };
}

/**
 * A text without a key at its top: without its lines, what stands under it, and the comment right above.
 * `undefined` where it is written in a way that this cannot do, such as a mapping in braces.
 */
export function withoutTopKey(text: string, key: string): string | undefined {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.replaceAll(/["']/g, "").startsWith(`${key}:`));
  if (at === -1) return undefined;
  let start = at;
  while (start > 0 && /^#(?! yaml-language-server)/.test(lines[start - 1] ?? "")) start -= 1;
  // A comment at the top that stands right above speaks of the whole file.
  if (start === 0 || /^# yaml-language-server/.test(lines[start - 1] ?? "")) start = at;
  let end = at + 1;
  while (end < lines.length && /^(?:\s|\s*$|[-}\]])/.test(lines[end] ?? "") && lines[end] !== "") end += 1;
  const isBetween = lines[start - 1] === "" && lines[end] === "";
  return [...lines.slice(0, start), ...lines.slice(isBetween ? end + 1 : end)].join("\n");
}

function lineStart(text: string, line: number): number {
  let start = 0;
  for (let at = 1; at < line; at += 1) start = text.indexOf("\n", start) + 1;
  return start;
}

function unreadable(file: string, reason: string): Error {
  return platformError("SCAFFOLD_UNREADABLE", { file, reason }, { at: [{ file }] });
}
