import type { Command } from "commander";

/** A command that does something itself, and the words that call it. */
export interface NamedCommand {
  /** `modules list`. */
  readonly name: string;
  readonly command: Command;
}

/** All commands of a program that are not hidden, without the groups they are in, in the order of the help. */
export function commandsOf(program: Command, words: readonly string[] = []): readonly NamedCommand[] {
  const inner = program
    .createHelp()
    .visibleCommands(program)
    .filter((each) => each.name() !== "help");
  return inner.flatMap((command): readonly NamedCommand[] => {
    const names = [...words, command.name()];
    return command.commands.length === 0 ? [{ name: names.join(" "), command }] : commandsOf(command, names);
  });
}
