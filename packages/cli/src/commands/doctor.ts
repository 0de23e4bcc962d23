import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Check } from "../doctor/check.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Looks at Node.js, settings, modules, plugins, the database, the HTTP port and the clock, and names the mend
for what is wrong. The code of the modules is loaded to know whether they use the database, but not run.

With --json: { "version": 1, "ok", "checks": [{ "name", "status", "message", "problems": [problem] }] }
"status" is ok, problem or skipped; a problem is as in "modules validate --json".

Examples:
  platformctl doctor
  platformctl doctor --set http.port=8081        would this port be free?

Exit codes:
  0  nothing is wrong    1  something is    2  the command line is wrong
`;

/** `platformctl doctor`: whether everything is there that a platform needs, and the mend where it is not. */
export function addDoctorCommand(program: Command, context: Context, done: Done): void {
  program
    .command("doctor")
    .description("Find what would keep a platform from running.")
    .option("--json", "print JSON instead of text")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: DoctorOptions = command.optsWithGlobals();
      const { examine } = await import("../doctor/examine.ts");
      done(report(context, await examine(context, options), options.json === true));
    });
}

interface DoctorOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

function report(context: Context, checks: readonly Check[], json: boolean) {
  const ok = checks.every(({ status }) => status !== "problem");
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (json) writeJson(context, "doctor", { ok, checks });
  else context.stdout.write(textOf(checks, context.cwd, paint));
  return ok ? exitCode.fine : exitCode.findings;
}

function textOf(checks: readonly Check[], cwd: string, paint: Paint): string {
  const marks = { ok: paint.green("ok"), problem: paint.red("problem"), skipped: paint.dim("-") };
  const table = formatTable(checks.map(({ name, status, message }) => [name, marks[status], message]));
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length === 0) return `${table}\n${paint.green("nothing is wrong")}\n`;
  return `${table}\n${formatProblems(problems, cwd, paint)}\n${paint.red(count(problems.length, "problem"))}\n`;
}
