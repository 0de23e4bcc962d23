import type { Command } from "commander";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { moduleTestCommand } from "../module-tests/module-test-command.ts";
import type { ModuleTestRequest } from "../module-tests/test-message.ts";

/** The hidden command by which `modules test` tests one module in a process of its own. */
export function addTestModuleHereCommand(program: Command, done: Done): void {
  program
    .command(moduleTestCommand, { hidden: true })
    .description("Test one module in this process, as modules test asks for.")
    .argument("<request>", "what to test, as JSON")
    .action(async (request: string) => {
      done(exitCode.fine);
      const { testModuleHere } = await import("../module-tests/module-test-process.ts");
      await testModuleHere(JSON.parse(request) as ModuleTestRequest);
    });
}
