import { type PlatformError, platformError } from "@plinth/module";
import type { CommanderError } from "commander";

/** What was wrong with the command line, as an error of ours. */
export function usageError(error: CommanderError, args: readonly string[]): PlatformError {
  const [what = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const name = /'(.*)'/.exec(what)?.[1] ?? "";
  const meant = /Did you mean (?:one of )?(.*)\?/.exec(suggestion ?? "")?.[1]?.split(", ");
  const help = helpFor(args);
  const hint = meant === undefined ? `Run ${help} to see what there is.` : `Write ${meant.join(" or ")} instead.`;
  switch (error.code) {
    case "commander.unknownCommand":
      return platformError("COMMAND_UNKNOWN", { command: name, hint });
    case "commander.unknownOption":
      return platformError("COMMAND_OPTION_UNKNOWN", { option: name, hint });
    default:
      return platformError("COMMAND_USAGE", { reason: what.replace(/\.$/, ""), help });
  }
}

const groups = new Set(["modules", "migrations", "permissions", "plugins", "services"]);

/** The call for help nearest to what was meant: `platformctl modules --help`. */
function helpFor([first]: readonly string[]): string {
  return first !== undefined && groups.has(first) ? `platformctl ${first} --help` : "platformctl --help";
}
