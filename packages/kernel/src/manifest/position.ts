/** A place in a text; line and column count from 1, columns in UTF-16 units as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where `offset` stands in `text`. Lines end with LF or CRLF. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", start)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
