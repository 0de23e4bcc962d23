import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { reported } from "../migrations/reported.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Finds migrations that were edited after they had been applied, that came too late, that were interrupted or
are wrong in themselves, and a database that is newer than the code. Nothing is changed.

With --json: { "version": 1, "ok", "applied", "pending", "problems": [problem] }, with numbers of migrations and problems
as in "modules validate --json".

Examples:
  platformctl migrations verify
  platformctl migrations verify --json

Exit codes:
  0  nothing is wrong    1  there are problems, or the database cannot be read    2  the command line is wrong
`;

/** `platformctl migrations verify`: whether files and database agree. */
export function addMigrationsVerifyCommand(migrations: Command, context: Context, done: Done): void {
  migrations
    .command("verify")
    .description("Hold the migrations against what has been applied.")
    .option("--json", "print JSON instead of text")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: VerifyOptions = command.optsWithGlobals();
      done(await reported(context, () => verify(context, options)));
    });
}

interface VerifyOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function verify(context: Context, options: VerifyOptions) {
  const { migratedPlatform, problemsIn, statusOf } = await import("../migrations/migrated-platform.ts");
  const platform = await migratedPlatform(context, options);
  const status = await statusOf(platform);
  const problems = problemsIn(platform, status);
  const ok = problems.length === 0;
  const total = (what: "applied" | "pending") => status.modules.reduce((sum, module) => sum + module[what].length, 0);
  const [applied, pending] = [total("applied"), total("pending")];
  if (options.json === true) {
    writeJson(context, "migrations verify", { ok, applied, pending, problems });
  } else {
    const paint = createPaint(wantsColour(context.stdout, context.env));
    const list = ok ? "" : `${formatProblems(problems, context.cwd, paint)}\n`;
    const summary = `${applied} applied, ${pending} pending, ${ok ? "no problems" : count(problems.length, "problem")}`;
    context.stdout.write(`${list}${ok ? paint.green(summary) : paint.red(summary)}\n`);
  }
  return ok ? exitCode.fine : exitCode.findings;
}
