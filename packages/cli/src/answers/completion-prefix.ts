/** A call for completion of which everything is known once the same place was completed before. */
export interface Completion {
  /** The arguments with an empty word at the cursor. */
  readonly args: readonly string[];
  /** What stands at the cursor; candidates that do not begin with it are left out. */
  readonly prefix: string;
}

/**
 * Takes the word at the cursor out of a call of `complete`, so that names are looked up once for all their beginnings.
 * The beginning of an option, and of a value behind `=`, stays: it says what can stand there.
 */
export function withoutPrefix(args: readonly string[]): Completion {
  const [command, separator] = args;
  const last = args.at(-1) ?? "";
  const isWord = command === "complete" && separator === "--" && args.length > 2 && !/^-|=/.test(last);
  return isWord ? { args: [...args.slice(0, -1), ""], prefix: last } : { args, prefix: "" };
}

/** The lines that begin with a text. */
export function linesWith(prefix: string, text: string): string {
  if (prefix === "") return text;
  return text
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .map((line) => `${line}\n`)
    .join("");
}
