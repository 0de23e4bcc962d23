import path from "node:path";
import { positionAt } from "@plinth/kernel";
import { platformError, type SourceLocation } from "@plinth/module";
import { parseSync } from "oxc-parser";
import { readImports } from "../imports/read-imports.ts";
import { programNodes } from "./program-nodes.ts";
import { relativeTo } from "./schema-path.ts";

/** What the renaming of a module means for sources. */
export interface SourceRenaming {
  /** Folders of the module before and after, absolute. */
  readonly folder: { readonly from: string; readonly to: string };
  /** Names of its package; `undefined` where that stays, or where it is none. */
  readonly package: { readonly from: string; readonly to: string } | undefined;
  /** Ids of services and codes of permissions, each with its new form. */
  readonly words: ReadonlyMap<string, string>;
  /** Whether a text that stays may mean the module all the same. */
  readonly looksLike: (text: string) => boolean;
}

/** A source after the renaming. */
export interface EditedSource {
  readonly text: string;
  /** Texts that stay, and that somebody should look at. */
  readonly doubtful: readonly SourceLocation[];
}

/**
 * Renames in one source: what it imports, and the strings that are ids of services or codes of permissions. Nothing
 * else is touched, and nothing is laid out anew.
 *
 * @param file where the source is now, absolute.
 * @throws PlatformError `SCAFFOLD_UNREADABLE` when it cannot be parsed.
 */
export function editSource(file: string, before: string, renaming: SourceRenaming): EditedSource {
  const parsed = parseSync(file, before);
  const [error] = parsed.errors;
  if (error !== undefined) {
    throw platformError("SCAFFOLD_UNREADABLE", { file, reason: error.message }, { at: [{ file }] });
  }
  const edits: Edit[] = [];
  const imports = new Set<number>();
  for (const { specifier, offset } of readImports(file, before)) {
    imports.add(offset);
    const text = renameSpecifier(specifier, file, renaming);
    if (text !== undefined) edits.push({ offset: offset + 1, length: specifier.length, text });
  }
  const doubtful: SourceLocation[] = [];
  for (const { value, start, end } of stringsIn(parsed.program)) {
    if (imports.has(start)) continue;
    const text = renaming.words.get(value);
    const isPlain = before.slice(start + 1, end - 1) === value;
    if (text !== undefined && isPlain) edits.push({ offset: start + 1, length: value.length, text });
    else if (renaming.looksLike(value)) doubtful.push({ file, ...positionAt(before, start) });
  }
  return { text: apply(before, edits), doubtful };
}

interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

function apply(before: string, edits: readonly Edit[]): string {
  const backwards = edits.toSorted((a, b) => b.offset - a.offset);
  return backwards.reduce(
    (text, edit) => text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length),
    before,
  );
}

function renameSpecifier(specifier: string, file: string, renaming: SourceRenaming): string | undefined {
  const { folder, package: named } = renaming;
  if (named !== undefined && (specifier === named.from || specifier.startsWith(`${named.from}/`))) {
    return named.to + specifier.slice(named.from.length);
  }
  if (!specifier.startsWith(".") || folder.from === folder.to) return undefined;
  const target = path.resolve(path.dirname(file), specifier);
  const inside = path.relative(folder.from, target);
  const isInside = inside === "" || (!inside.startsWith("..") && !path.isAbsolute(inside));
  const isOwn = !path.relative(folder.from, file).startsWith("..");
  // The folder's neighbours see it by its name, and it sees itself from within.
  if (!isInside || isOwn) return undefined;
  return relativeTo(path.dirname(file), path.join(folder.to, inside));
}

interface FoundString {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** All strings of a program, in its order; a template with "}" for what is filled in. */
function stringsIn(program: unknown): FoundString[] {
  const found: FoundString[] = [];
  for (const { type, start, end, value, quasis } of programNodes(program)) {
    if (type === "Literal" && typeof value === "string") found.push({ value, start, end });
    if (type !== "TemplateLiteral" || !Array.isArray(quasis)) continue;
    const texts = quasis.map((part: { readonly value: { readonly cooked: string | null } }) => part.value.cooked ?? "");
    found.push({ value: texts.join("}"), start, end });
  }
  return found.sort((a, b) => a.start - b.start);
}
