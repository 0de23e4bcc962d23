import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { type GlobalOptions, rootOf } from "../root.ts";

const details = `
Asks the platform that runs in this folder, over a socket that only the user who started it can use.
Shows its state, since when, where it listens, what its start took and which modules that waited for;
of each module state, health, for how long, its last start, and restarts after failures; and why
something failed, with what is skipped for it.

With --watch, on a terminal: the same, following what happens. In a pipe, or with --json: one line of
JSON for each change. It waits for a platform that is not running (yet), and ends on Ctrl-C.

With --json: { "version": 1, "ok", "root", "platform", "modules", "problems" }
  platform   { name, pid, apiVersion, state, since, startedAt, url, start }; null where none runs
  start      { durationMs, criticalPath: [{ module, durationMs }] }; null while it starts
  modules    [{ name, version, source, state, since, critical, health, messages, startMs,
             onCriticalPath, restarts, pid, error, skippedFor }]
  problems   why the platform could not be asked

Examples:
  platformctl status
  platformctl status --watch
  platformctl status --json | jq '.modules[] | select(.state != "running") | .name'
  until platformctl status > status.txt; do sleep 1; done        wait until all of it runs

Exit codes:
  0  it runs, with all of its modules, and none is unhealthy; --watch was ended
  1  it does not run, is degraded or on its way up or down, or a module is unhealthy
  2  the command line is wrong
`;

interface StatusOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** `platformctl status`: the running platform. */
export function addStatusCommand(program: Command, context: Context, done: Done): void {
  program
    .command("status")
    .description("Show the platform that is running here.")
    .option("--watch", "go on, and follow what happens")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: StatusOptions = command.optsWithGlobals();
      done(await showStatus(context, options));
    });
}

async function showStatus(context: Context, options: StatusOptions) {
  const root = await rootOf(context, options);
  if (options.watch === true) {
    const { watchStatus } = await import("../control/watch-status.ts");
    return watchStatus(context, root, options.json === true);
  }
  const [{ askStatus }, { isWell }, { shownAbsence, shownStatus }, { statusText }, { formatProblems }] =
    await Promise.all([
      import("../control/ask-status.ts"),
      import("../control/verdict.ts"),
      import("../control/shown-status.ts"),
      import("../control/status-text.ts"),
      import("../output/problems.ts"),
    ]);
  const { status, problems } = await askStatus(root);
  const { stdout, stderr, cwd, env } = context;
  if (options.json === true) {
    writeJson(context, "status", status === undefined ? shownAbsence(root, problems) : shownStatus(status));
  } else if (status === undefined) {
    stderr.write(formatProblems(problems, cwd, createPaint(wantsColour(stderr, env))));
  } else {
    stdout.write(statusText(status, Date.now(), createPaint(wantsColour(stdout, env))));
  }
  return status !== undefined && isWell(status) ? exitCode.fine : exitCode.findings;
}
