import { Command } from "commander";
import { addCompletionCommands } from "./commands/completion.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addDevCommand } from "./commands/dev.ts";
import { addDevPlatformHereCommand } from "./commands/dev-platform-here.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addErrorsCommand } from "./commands/errors.ts";
import { addGenerateCommand } from "./commands/generate.ts";
import { addInitCommand } from "./commands/init.ts";
import { addMigrationsCommands } from "./commands/migrations.ts";
import { addModulesCommands } from "./commands/modules.ts";
import { addPermissionsCommands } from "./commands/permissions.ts";
import { addPluginsCommands } from "./commands/plugins.ts";
import { addServicesCommands } from "./commands/services.ts";
import { addStartCommand } from "./commands/start.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addTestModuleHereCommand } from "./commands/test-module-here.ts";
import type { Context } from "./context.ts";
import type { Done } from "./done.ts";
import { createPaint, wantsColour } from "./output/paint.ts";
import { ownVersion } from "./own-version.ts";

const examples = `
Examples:
  platformctl init desk                       a new platform in the folder desk
  platformctl modules list                    what the platform consists of
  platformctl modules validate                is everything right? nothing is run
  platformctl start                           run it, until Ctrl-C or SIGTERM
  platformctl dev                             run it, and reload what is edited
  platformctl start --set http.port=8081      the same with another setting
  platformctl -C examples/helpdesk start      the platform in another folder
  platformctl status                          how is the platform that is running?
  platformctl generate                        bring generated sources up to date
  platformctl plugins add sla-1.2.0.tgz       install a module that is not part of the build
  platformctl services list --driver consul   who is there, by the service registry
  platformctl modules graph --format svg      a picture of who depends on whom
  platformctl permissions check               do code and manifests agree on permissions?
  platformctl migrations status               what is applied to the database, and what is pending
  platformctl config http                     settings, and where each comes from
  platformctl doctor                          what would keep the platform from running
  platformctl errors GRAPH_CYCLE              what a code means, and why

Exit codes:
  0  fine    1  something is wrong with the platform    2  the command line is wrong

A platform is a folder with a platform.yaml, and it is found from any folder inside it.
Settings come from platform.yaml, then from variables such as PLATFORM_HTTP__PORT=8081,
then from --set. NO_COLOR turns colours off.
`;

/** All commands with their options and help. Parsing throws a CommanderError where the command line is wrong. */
export function createProgram(context: Context, done: Done): Command {
  const program = new Command("platformctl")
    .description("Looks at, checks and starts a platform that is built from modules.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, styleTitle: createPaint(true).bold })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // Errors are thrown too, and shown from there.
      outputError: () => {},
      getOutHelpWidth: () => context.stdout.columns ?? 100,
      getErrHelpWidth: () => context.stderr.columns ?? 100,
      getOutHasColors: () => wantsColour(context.stdout, context.env),
      getErrHasColors: () => wantsColour(context.stderr, context.env),
    })
    .helpOption("-h, --help", "show the help of a command")
    .helpCommand("help [command]", "show the help of a command")
    .option("-C, --root <dir>", "act as if called in this folder")
    .option("--no-cache", "look at everything anew, whatever was found before")
    .version(ownVersion(), "-V, --version", "show the version of platformctl")
    .addHelpText("after", examples);
  addModulesCommands(program, context, done);
  addInitCommand(program, context, done);
  addStartCommand(program, context, done);
  addDevCommand(program, context, done);
  addDevPlatformHereCommand(program, done);
  addStatusCommand(program, context, done);
  addGenerateCommand(program, context, done);
  addPluginsCommands(program, context, done);
  addServicesCommands(program, context, done);
  addMigrationsCommands(program, context, done);
  addPermissionsCommands(program, context, done);
  addConfigCommand(program, context, done);
  addErrorsCommand(program, context, done);
  addDoctorCommand(program, context, done);
  addCompletionCommands(program, context, done);
  addTestModuleHereCommand(program, done);
  return program;
}
