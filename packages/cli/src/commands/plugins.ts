import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { addPluginsAddCommand } from "./plugins-add.ts";
import { addPluginsKeygenCommand } from "./plugins-keygen.ts";
import { addPluginsListCommand } from "./plugins-list.ts";
import { addPluginsPackCommand } from "./plugins-pack.ts";
import { addPluginsRemoveCommand } from "./plugins-remove.ts";
import { addPluginsRestoreCommand } from "./plugins-restore.ts";
import { addPluginsShowCommand } from "./plugins-show.ts";
import { addPluginsSignCommand } from "./plugins-sign.ts";
import { addPluginsVerifyCommand } from "./plugins-verify.ts";

/** The group `platformctl plugins`. */
export function addPluginsCommands(program: Command, context: Context, done: Done): void {
  const plugins = program.command("plugins").description("Install plugins, check them, and make them.");
  addPluginsListCommand(plugins, context, done);
  addPluginsShowCommand(plugins, context, done);
  addPluginsAddCommand(plugins, context, done);
  addPluginsRemoveCommand(plugins, context, done);
  addPluginsVerifyCommand(plugins, context, done);
  addPluginsRestoreCommand(plugins, context, done);
  addPluginsPackCommand(plugins, context, done);
  addPluginsSignCommand(plugins, context, done);
  addPluginsKeygenCommand(plugins, context, done);
}
