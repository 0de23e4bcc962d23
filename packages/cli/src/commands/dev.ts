import { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Runs the platform as "start" does, and brings it along with every edit: sources are generated again
when a manifest changes, and modules whose files changed are reloaded while everything else goes on.
It says what changed, what was reloaded, and how long it took from the edit to the new answer.

What cannot be taken in (a syntax error, a wrong manifest, a start or a migration that fails) is shown
with its place, once, and what ran before goes on; the next good edit mends it. New module folders are
added, and those that go are removed. What modules share with others, such as a package of the
workspace, and settings of the platform itself call for a new process, which takes the place of the old
one when everything in it has been loaded.

The log is text, unless log.format says otherwise. What follows -- is what "start" takes.

With --json: a line for each event, and the log on the standard error:
  { "version": 1, "event", "files", "generated", "added", "removed", "reloaded", "restarted",
    "reason", "url", "durationMs", "problems" }; event is running, changed, failed or ended

Examples:
  platformctl dev
  platformctl dev -- --set http.port=8081
  platformctl dev --json | jq -c '[.event, .reloaded, .durationMs]'

Exit codes:
  0  it was ended by Ctrl-C or SIGTERM    2  the command line is wrong    130  ended by a second Ctrl-C
`;

interface DevOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

/** `platformctl dev`: a platform that follows edits. */
export function addDevCommand(program: Command, context: Context, done: Done): void {
  program
    .command("dev")
    .description("Run a platform, and reload what is edited.")
    .argument("[flags...]", "options of start, after --")
    .option("--json", "print lines of JSON instead of text")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (flags: readonly string[], _, command: Command) => {
      const options: DevOptions = command.optsWithGlobals();
      const set = [...(options.set ?? []), ...settingsIn(flags)];
      done(await developHere(context, options, set));
    });
}

/** The settings among options of `start`. @throws CommanderError for others. */
function settingsIn(flags: readonly string[]): readonly string[] {
  const start = new Command("start").exitOverride().configureOutput({ outputError: () => {} });
  start.addOption(setOption()).parse([...flags], { from: "user" });
  return start.opts<SettingsOptions>().set ?? [];
}

async function developHere(context: Context, options: DevOptions, set: readonly string[]) {
  const root = await rootOf(context, options);
  const [{ develop }, { jsonDisplay }, { textDisplay }, { realpathSync }, { untilEnded }] = await Promise.all([
    import("../dev/develop.ts"),
    import("../dev/json-display.ts"),
    import("../dev/text-display.ts"),
    import("node:fs"),
    import("../until-ended.ts"),
  ]);
  const { signal, release } = await untilEnded(context);
  const killing = new AbortController();
  const stopListening = await onSecondSignal(context, () => killing.abort());
  const request = { root: realpathSync(root), set, isTerminal: context.stdout.isTTY === true };
  const display = options.json === true ? jsonDisplay(context) : textDisplay(context);
  try {
    await develop(request, context, display, signal, killing.signal);
  } finally {
    stopListening();
    release();
  }
  if (killing.signal.aborted) {
    await exitAtOnce(context);
    return undefined;
  }
  return exitCode.fine;
}

/** Process managers pass a signal on that the terminal sends to the whole group already; within this time it is one. */
const sameSignalMs = 50;

async function onSecondSignal(context: Context, listener: () => void): Promise<() => void> {
  const { thisProcess } = await import("@plinth/platform");
  let firstAt: number | undefined;
  return (context.onSignal ?? thisProcess().onSignal)(() => {
    const now = performance.now();
    firstAt ??= now;
    if (now - firstAt > sameSignalMs) listener();
  });
}

async function exitAtOnce(context: Context): Promise<void> {
  const { thisProcess } = await import("@plinth/platform");
  (context.exit ?? thisProcess().exit)(130);
}
