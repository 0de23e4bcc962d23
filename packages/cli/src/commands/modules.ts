import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { addModulesGraphCommand } from "./modules-graph.ts";
import { addModulesListCommand } from "./modules-list.ts";
import { addModulesNewCommand } from "./modules-new.ts";
import { addModulesRemoveCommand } from "./modules-remove.ts";
import { addModulesRenameCommand } from "./modules-rename.ts";
import { addModulesRestartCommand } from "./modules-restart.ts";
import { addModulesShowCommand } from "./modules-show.ts";
import { addModulesTestCommand } from "./modules-test.ts";
import { addModulesValidateCommand } from "./modules-validate.ts";
import { addModulesWhyCommand } from "./modules-why.ts";

/** The group `platformctl modules`. */
export function addModulesCommands(program: Command, context: Context, done: Done): void {
  const modules = program.command("modules").description("Look at the modules of a platform without running them.");
  addModulesListCommand(modules, context, done);
  addModulesShowCommand(modules, context, done);
  addModulesGraphCommand(modules, context, done);
  addModulesWhyCommand(modules, context, done);
  addModulesValidateCommand(modules, context, done);
  addModulesTestCommand(modules, context, done);
  addModulesRestartCommand(modules, context, done);
  addModulesNewCommand(modules, context, done);
  addModulesRenameCommand(modules, context, done);
  addModulesRemoveCommand(modules, context, done);
}
