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

// Each expression matches at one place (sticky). Together they cover everything that may hold a
// semicolon or a word that is not meant as one.
const space = /\s+/y;
const lineComment = /--[^\n]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
// A number takes the letters that follow it, so that 1end is not a word.
const number = /[0-9][\w.]*/y;
const parameter = /\$[0-9]+/y;

/**
 * Cuts a text into statements as PostgreSQL does, with standard_conforming_strings on. Semicolons in
 * quotes, comments, parentheses and SQL function bodies (BEGIN ATOMIC ... END) end no statement.
 */
export function scanStatements(text: string): Statements {
  const statements: Statement[] = [];
  let current: OpenStatement | undefined;
  let at = 0;

  const take = (expression: RegExp): string | undefined => {
    expression.lastIndex = at;
    return expression.exec(text)?.[0];
  };

  while (at < text.length) {
    const blank = take(space) ?? take(lineComment);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    if (text.startsWith("/*", at)) {
      const end = endOfComment(text, at);
      if (end === undefined) return { unterminated: { what: "a comment", offset: at } };
      at = end;
      continue;
    }
    if (text[at] === ";" && (current === undefined || current.isComplete)) {
      if (current !== undefined) statements.push(current.close(at));
      current = undefined;
      at += 1;
      continue;
    }
    current ??= new OpenStatement(at);
    const quote = quoteAt(text, at, take);
    if (typeof quote === "object") return { unterminated: quote };
    if (quote !== undefined) {
      at = quote;
    } else {
      const name = take(word);
      if (name !== undefined) current.addWord(name.toLowerCase());
      else current.addSign(text[at] as string);
      at += name?.length ?? take(number)?.length ?? take(parameter)?.length ?? 1;
    }
    current.end = at;
  }
  if (current !== undefined) statements.push(current.close(current.end));
  return { statements };
}

/** The end of the quoted text at `at`; `undefined` when none begins there. */
function quoteAt(text: string, at: number, take: (e: RegExp) => string | undefined): number | Unterminated | undefined {
  const sign = text[at];
  const isEscape = (sign === "e" || sign === "E") && text[at + 1] === "'";
  if (sign === "'" || isEscape) return endOfQuote(text, isEscape ? at + 1 : at, isEscape);
  if (sign === '"') return endOfQuote(text, at, false);
  const tag = sign === "$" ? take(dollarTag) : undefined;
  if (tag === undefined) return undefined;
  const close = text.indexOf(tag, at + tag.length);
  return close < 0 ? { what: `a text in ${tag}`, offset: at } : close + tag.length;
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

/** The end of a comment, which may hold others. */
function endOfComment(text: string, start: number): number | undefined {
  const sign = /\/\*|\*\//g;
  sign.lastIndex = start;
  let depth = 0;
  for (let match = sign.exec(text); match !== null; match = sign.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return sign.lastIndex;
  }
  return undefined;
}

/** A statement whose end has not been seen. */
class OpenStatement {
  readonly start: number;
  end: number;
  readonly #words: string[] = [];
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

  addWord(name: string): void {
    if (this.#words.length < wordLimit) this.#words.push(name);
    if (this.#parentheses > 0 || !this.#createsRoutine()) return;
    if (name === "begin") this.#blocks += 1;
    if (this.#blocks === 0) return;
    if (name === "case") this.#blocks += 1;
    if (name === "end") this.#blocks -= 1;
  }

  addSign(sign: string): void {
    if (sign === "(") this.#parentheses += 1;
    if (sign === ")") this.#parentheses -= 1;
  }

  close(end: number): Statement {
    return { start: this.start, end: Math.min(end, this.end), words: this.#words };
  }

  #createsRoutine(): boolean {
    const [first, second, third, fourth] = this.#words;
    if (first !== "create") return false;
    const kind = second === "or" && third === "replace" ? fourth : second;
    return kind === "function" || kind === "procedure";
  }
}
