import type { Command } from "commander";
import { devPlatformCommand } from "../dev/dev-platform-command.ts";
import type { PlatformRequest } from "../dev/process-message.ts";
import type { Done } from "../done.ts";

/** The hidden command by which `dev` runs a platform in a process of its own. */
export function addDevPlatformHereCommand(program: Command, done: Done): void {
  program
    .command(devPlatformCommand, { hidden: true })
    .description("Run a platform in this process, as dev asks for.")
    .argument("<request>", "which one, as JSON")
    .action(async (request: string) => {
      done(undefined);
      const { runPlatformHere } = await import("../dev/platform-here.ts");
      await runPlatformHere(JSON.parse(request) as PlatformRequest);
    });
}
