/** Line and column of an offset, both from 1. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** The UTF-16 offset of the `count`-th character, counted from 1 as PostgreSQL does: an emoji is one. */
export function offsetOfCharacter(text: string, count: number): number {
  let offset = 0;
  for (let character = 1; character < count && offset < text.length; character += 1) {
    offset += (text.codePointAt(offset) as number) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The beginning of a statement on one line, for a message. */
export function excerpt(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length <= 80 ? line : `${line.slice(0, 77)}...`;
}
