import type { Argument, Command, Option } from "commander";

/** What the word at the cursor can be. */
export interface Position {
  /** The command that the words before it name. */
  readonly command: Command;
  /** The option whose value it is. */
  readonly option?: Option;
  /** The argument that it is, where the command takes one. */
  readonly argument?: Argument;
  /** The part of the word that is there, without an option's name before `=`. */
  readonly word: string;
  /** What stands in the word before that part. */
  readonly before: string;
  /** The values of options given before, by the option's attribute name. */
  readonly given: ReadonlyMap<string, string>;
  /** Whether `--` stands before it: it is no option then. */
  readonly isOperand: boolean;
}

/** All options that a command takes, its own and those of the commands above it. */
export function optionsOf(command: Command): Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

/** Finds out what the last word can be. Words that make no sense are passed over. */
export function positionAt(program: Command, words: readonly string[]): Position {
  const joined = joinAssignments(words);
  let command = program;
  let operands = 0;
  let isOperand = false;
  let awaiting: Option | undefined;
  const given = new Map<string, string>();
  for (const word of joined.slice(0, -1)) {
    if (awaiting !== undefined) {
      given.set(awaiting.attributeName(), word);
      awaiting = undefined;
    } else if (word === "--") {
      isOperand = true;
    } else if (!isOperand && word.startsWith("-")) {
      const [flag, value] = splitFlag(word);
      const option = optionNamed(command, flag);
      if (option !== undefined && value !== undefined) given.set(option.attributeName(), value);
      else if (option?.required === true) awaiting = option;
      else if (option !== undefined) given.set(option.attributeName(), "");
    } else {
      const next = operands > 0 ? undefined : command.commands.find((each) => each.name() === word);
      if (next === undefined) operands += 1;
      else command = next;
    }
  }
  const last = joined.at(-1) ?? "";
  const rest = { command, given, isOperand };
  if (awaiting !== undefined) return { ...rest, option: awaiting, word: last, before: "" };
  const [flag, value] = splitFlag(last);
  const option = optionNamed(command, flag);
  if (!isOperand && value !== undefined && option !== undefined) {
    // A shell that breaks words at "=" has only the part behind it in hand.
    const isBroken = words.at(-1) !== last;
    return { ...rest, option, word: value, before: isBroken ? "" : `${flag}=` };
  }
  const { registeredArguments } = command;
  const lastArgument = registeredArguments.at(-1);
  const argument = registeredArguments[operands] ?? (lastArgument?.variadic === true ? lastArgument : undefined);
  return { ...rest, ...(argument === undefined ? {} : { argument }), word: last, before: "" };
}

function optionNamed(command: Command, flag: string): Option | undefined {
  return optionsOf(command).find(({ short, long }) => flag === short || flag === long);
}

function splitFlag(word: string): [string, string | undefined] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** bash makes three words of `--format=svg`. */
function joinAssignments(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const goesOn = last?.startsWith("--") === true && (word === "=" || (last.endsWith("=") && !word.startsWith("-")));
    if (goesOn) joined[joined.length - 1] = last + word;
    else joined.push(word);
  }
  return joined;
}
