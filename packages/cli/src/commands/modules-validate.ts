import type { Command } from "commander";
import type { Context } from "../context.ts";
import { exitCode } from "../exit-codes.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { Done } from "../program.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Reads platform.yaml, the manifests of all modules and what they name, and reports everything that is
wrong in one run: manifests, missing and circular dependencies, versions, migrations, permissions and
settings. No code of a module is run, and nothing is changed.

With --json: { "ok": false, "problems": [{ "code", "message", "fix", "at": [{ "file", "line", "column" }] }] }
Files are absolute there; lines and columns count from 1 and are left out where there are none.

Examples:
  platformctl modules validate
  platformctl modules validate --json
  platformctl modules validate --set http.port=8081     would this setting be accepted?

Exit codes:
  0  nothing is wrong    1  there are problems    2  the command line is wrong
`;

/** `platformctl modules validate`: everything that is wrong with a platform, without running it. */
export function addModulesValidateCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("validate")
    .description("Check the modules and the settings of a platform.")
    .option("--json", "print JSON instead of text")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: ValidateOptions = command.optsWithGlobals();
      done(await validateModules(context, options));
    });
}

interface ValidateOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function validateModules(context: Context, options: ValidateOptions) {
  const root = await rootOf(context, options);
  const { inspectPlatform } = await import("@plinth/platform");
  const { modules, problems } = await inspectPlatform({ root, env: context.env, set: options.set ?? [] });
  const ok = problems.length === 0;
  if (options.json === true) {
    context.stdout.write(`${JSON.stringify({ ok, problems }, null, 2)}\n`);
  } else {
    const paint = createPaint(wantsColour(context.stdout, context.env));
    const summary = ok
      ? paint.green(`${count(modules.length, "module")}, no problems`)
      : paint.red(`${count(problems.length, "problem")} in ${count(modules.length, "module")}`);
    const list = ok ? "" : `${formatProblems(problems, context.cwd, paint)}\n`;
    context.stdout.write(`${list}${summary}\n`);
  }
  return ok ? exitCode.fine : exitCode.findings;
}
