/** One statement of an SQL text. */
export interface Statement {
  /** Offset of its first character, comments before it left out. */
  readonly start: number;
  /** Offset after its last character, without the semicolon. */
  readonly end: number;
  /** Its first unquoted words in lower case, at most {@link wordLimit}. */
  readonly words: readonly string[];
}

/** A quote, comment or dollar quote that does not end. */
export interface Unterminated {
  readonly what: string;
  readonly offset: number;
}

/** How many words of each statement are kept: as many as tell what it is. */
export const wordLimit = 6;

/** The statements of a text, or what keeps it from being cut into statements. */
export type Statements =
  | { readonly statements: readonly Statement[]; readonly unterminated?: undefined }
  | { readonly statements?: undefined; readonly unterminated: Unterminated };

const isSpace = charTable(" \t\n\v\f\r");
const startsWord = charTable("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
const digits = "0123456789";
// A number takes the letters that follow it, so that the end of 1end is not a word.
const continuesNumber = charTable(`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.${digits}`);
const continuesWord = charTable(`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$${digits}`);
const isDigit = charTable(digits);

/** Which of the ASCII characters are among these; PostgreSQL takes all others for letters. */
function charTable(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/**
 * Cuts a text into statements as PostgreSQL does, with standard_conforming_strings on. Semicolons in
 * quotes, comments, parentheses and SQL function bodies (BEGIN ATOMIC ... END) end no statement.
 */
export function scanStatements(text: string): Statements {
  const statements: Statement[] = [];
  let current: OpenStatement | undefined;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace[code] === 1) {
      at += 1;
      continue;
    }
    const comment = endOfComment(text, at);
    if (comment !== undefined) {
      if (comment < 0) return { unterminated: { what: "a comment", offset: at } };
      at = comment;
      continue;
    }
    if (text[at] === ";" && (current === undefined || current.isComplete)) {
      if (current !== undefined) statements.push(current.close());
      current = undefined;
      at += 1;
      continue;
    }
    current ??= new OpenStatement(at);
    const quote = endOfQuoted(text, at);
    if (typeof quote === "object") return { unterminated: quote };
    if (quote !== undefined) at = quote;
    else if (code > 127 || startsWord[code] === 1) {
      const end = endOfRun(text, at, continuesWord);
      current.addWord(text, at, end);
      at = end;
    } else if (isDigit[code] === 1) at = endOfRun(text, at, continuesNumber);
    else {
      current.addSign(code);
      at += 1;
    }
    current.end = at;
  }
  if (current !== undefined) statements.push(current.close());
  return { statements };
}

/** The offset after the characters from `at` on that are in the table or not ASCII. */
function endOfRun(text: string, at: number, table: Uint8Array): number {
  let end = at + 1;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code <= 127 && table[code] !== 1) break;
  }
  return end;
}

const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/** The end of the quoted text that begins at `at`; `undefined` when none does. */
function endOfQuoted(text: string, at: number): number | Unterminated | undefined {
  switch (text[at]) {
    case "'":
    case '"':
      return endOfQuote(text, at, false);
    case "e":
    case "E":
      return text[at + 1] === "'" ? endOfQuote(text, at + 1, true) : undefined;
    case "$": {
      dollarTag.lastIndex = at;
      const tag = dollarTag.exec(text)?.[0];
      if (tag === undefined) return undefined;
      const close = text.indexOf(tag, at + tag.length);
      return close < 0 ? { what: `a text in ${tag}`, offset: at } : close + tag.length;
    }
    default:
      return undefined;
  }
}

/** A quote that opens at `open` ends with the same sign, which stands for itself when it is doubled. */
function endOfQuote(text: string, open: number, backslashes: boolean): number | Unterminated {
  const sign = text[open];
  for (let at = open + 1; at < text.length; at += 1) {
    if (backslashes && text[at] === "\\") at += 1;
    else if (text[at] === sign) {
      if (text[at + 1] !== sign) return at + 1;
      at += 1;
    }
  }
  return { what: sign === '"' ? "a name in quotes" : "a text in quotes", offset: open };
}

/** The end of the comment that begins at `at`; -1 when it does not end, `undefined` when none begins. */
function endOfComment(text: string, at: number): number | undefined {
  if (text[at] === "-" && text[at + 1] === "-") {
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
  }
  if (text[at] !== "/" || text[at + 1] !== "*") return undefined;
  const sign = /\/\*|\*\//g;
  sign.lastIndex = at;
  let depth = 0;
  for (let match = sign.exec(text); match !== null; match = sign.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return sign.lastIndex;
  }
  return -1;
}

/** A statement whose end has not been seen. */
class OpenStatement {
  readonly start: number;
  end: number;
  readonly #words: string[] = [];
  #createsRoutine = false;
  #parentheses = 0;
  /** Depth of BEGIN and CASE in the body of an SQL function. */
  #blocks = 0;

  constructor(start: number) {
    this.start = start;
    this.end = start;
  }

  get isComplete(): boolean {
    return this.#parentheses === 0 && this.#blocks === 0;
  }

  addWord(text: string, start: number, end: number): void {
    if (this.#words.length < wordLimit) {
      this.#words.push(text.slice(start, end).toLowerCase());
      this.#createsRoutine = isRoutine(this.#words);
    }
    if (!this.#createsRoutine || this.#parentheses > 0) return;
    const word = text.slice(start, end).toLowerCase();
    if (word === "begin") this.#blocks += 1;
    if (this.#blocks === 0) return;
    if (word === "case") this.#blocks += 1;
    if (word === "end") this.#blocks -= 1;
  }

  addSign(code: number): void {
    if (code === openParenthesis) this.#parentheses += 1;
    if (code === closeParenthesis) this.#parentheses -= 1;
  }

  close(): Statement {
    return { start: this.start, end: this.end, words: this.#words };
  }
}

const openParenthesis = 0x28;
const closeParenthesis = 0x29;

function isRoutine([first, second, third, fourth]: readonly string[]): boolean {
  if (first !== "create") return false;
  const kind = second === "or" && third === "replace" ? fourth : second;
  return kind === "function" || kind === "procedure";
}
