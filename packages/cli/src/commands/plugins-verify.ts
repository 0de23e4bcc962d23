import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Holds every file of every plugin against plugins.lock, every signature against the trusted keys, and names each file
that was changed, added or removed, and each folder that nobody installed. Nothing is imported and nothing is written.

With --json: { "version": 1, "ok", "plugins", "files", "problems": [problem], "notices": [problem] }
  plugins, files   how many were looked at
  notices          worth knowing, such as a signature by a key that is not trusted

Examples:
  platformctl plugins verify
  platformctl plugins verify --json | jq -r '.problems[].message'

Exit codes:
  0  everything is as it was installed    1  something is not    2  the command line is wrong
`;

/** `platformctl plugins verify`: whether all plugins are as they were installed. */
export function addPluginsVerifyCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("verify")
    .description("Check that all plugins are as they were installed.")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: VerifyOptions = command.optsWithGlobals();
      done(await reported(context, () => verify(context, options)));
    });
}

interface VerifyOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function verify(context: Context, options: VerifyOptions) {
  const [{ pluginPlatform }, { verifyPlugins }] = await Promise.all([
    import("../plugins/plugin-platform.ts"),
    import("@plinth/plugins"),
  ]);
  const { place } = await pluginPlatform(context, options);
  const { plugins, strangers } = verifyPlugins(place);
  const problems = [...plugins.flatMap((plugin) => plugin.problems), ...strangers];
  const notices = plugins.flatMap(({ notice }) => notice ?? []);
  const files = plugins.reduce((sum, { plugin }) => sum + Object.keys(plugin.files).length, 0);
  const ok = problems.length === 0;
  if (options.json === true) {
    const [asJson, remarks] = [problems, notices].map((list) => list.map((problem) => problem.toJSON()));
    writeJson(context, "plugins verify", {
      ok,
      plugins: plugins.length,
      files,
      problems: asJson ?? [],
      notices: remarks ?? [],
    });
    return ok ? exitCode.fine : exitCode.findings;
  }
  const paint = createPaint(wantsColour(context.stdout, context.env));
  for (const { message } of notices) context.stderr.write(`${message}\n`);
  const list = ok ? "" : `${formatProblems(problems, context.cwd, paint)}\n`;
  const looked = `${count(plugins.length, "plugin")}, ${count(files, "file")}`;
  const summary = `${looked}, ${ok ? "no problems" : count(problems.length, "problem")}`;
  context.stdout.write(`${list}${ok ? paint.green(summary) : paint.red(summary)}\n`);
  return ok ? exitCode.fine : exitCode.findings;
}
