import { Argument, type Command, Option } from "commander";
import { completionScripts, type Shell, shells } from "../completion/scripts.ts";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";

const details = `
Prints a script that makes the shell complete commands, options, and the names of modules and settings.

Examples:
  source <(platformctl completion bash)                                     in ~/.bashrc
  source <(platformctl completion zsh)                                      in ~/.zshrc, after compinit
  platformctl completion fish > ~/.config/fish/completions/platformctl.fish
  platformctl completion powershell | Out-String | Invoke-Expression        in $PROFILE

Exit codes:
  0  fine    2  there is no such shell
`;

/** `platformctl completion`, and the hidden command that its scripts call. */
export function addCompletionCommands(program: Command, context: Context, done: Done): void {
  program
    .command("completion")
    .description("Print a script that completes commands in a shell.")
    .addArgument(new Argument("<shell>", "for which shell").choices(shells))
    .addHelpText("after", details)
    .action((shell: Shell) => {
      context.stdout.write(completionScripts[shell]);
      done(exitCode.fine);
    });
  program
    .command("complete", { hidden: true })
    .description("Print what the last word can become, a line for each: the word, a tab, a description.")
    .argument("[words...]", "the words up to the cursor, without platformctl")
    .addOption(
      new Option("--at <n>", "complete the word at this place, from 0, even if it is not there").argParser(Number),
    )
    .action(async (words: readonly string[], { at }: { readonly at?: number }) => {
      done(exitCode.fine);
      const { candidates } = await import("../completion/candidates.ts");
      const upTo = at === undefined ? words : [...words, ""].slice(0, at + 1);
      try {
        const found = await candidates(program, upTo, context);
        context.stdout.write(found.map(({ text, description }) => `${text}\t${description}\n`).join(""));
      } catch {
        // Outside of a platform there is nothing to suggest, and this is no place for complaints.
      }
    });
}
