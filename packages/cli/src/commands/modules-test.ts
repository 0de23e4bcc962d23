import { availableParallelism } from "node:os";
import type { BootPlan, PlannedModule, RegisteredModule } from "@plinth/kernel";
import { type PlatformError, parseDuration } from "@plinth/module";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import type { ModuleTestResult } from "../module-tests/run-module-test.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";
import { untilEnded } from "../until-ended.ts";

const details = `
Each module is loaded with what it depends on and nothing else, on a database of its own that is thrown away:
its migrations run, it starts, its health is checked, it stops, and what it left behind is looked for: timers,
servers, sockets, child processes, watchers, workers, listeners on the process, connections to the database,
and errors that nobody caught. Each has a process of its own, so that one that crashes or hangs fails alone.
Optional dependencies are left out; --with-optional puts them in.

Settings come from platform.yaml and --set, never from variables. HTTP is on a free port of 127.0.0.1, services
are announced to nobody, and the database is always PGlite.

With --affected the modules that were touched since a branch left REF, uncommitted and untracked files included,
with those that depend on them. A package that several modules import is a part of each. platform.yaml, and the
lock file of what is installed, are a part of all.

With --json: { "version": 1, "ok", "durationMs", "modules": [{ "module", "passed", "startMs", "stopMs", "totalMs", "problems",
"notes", "output" }] }, with problems as in "modules validate --json"; times are null where a test did not get
that far, and "output" is the last that the process printed.

Examples:
  platformctl modules test
  platformctl modules test tickets reports
  platformctl modules test --affected main
  platformctl modules test --jobs 1 --timeout 2m --json

Exit codes:
  0  all passed, or there was nothing to test    1  something failed    2  the command line is wrong
`;

/** `platformctl modules test`: whether each module loads, starts and stops on its own. */
export function addModulesTestCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("test")
    .description("Load, start and stop each module alone, and look for what it leaves behind.")
    .argument("[names...]", "the modules to test; all where none is named")
    .option("--affected <ref>", "only what was touched since this branch, tag or commit")
    .option("--with-optional", "with optional dependencies too")
    .addOption(
      new Option("--jobs <n>", "how many tests run at one time; default: one for each core").argParser(positive),
    )
    .addOption(new Option("--timeout <duration>", "the longest for one module").default(60_000, "60s").argParser(time))
    .option("--json", "print JSON instead of a table")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (names: readonly string[], _, command: Command) => {
      const options: TestOptions = command.optsWithGlobals();
      done(await testModules(names, context, options));
    });
}

interface TestOptions extends GlobalOptions, SettingsOptions {
  readonly affected?: string;
  readonly withOptional?: boolean;
  readonly jobs?: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

async function testModules(names: readonly string[], context: Context, options: TestOptions) {
  const root = await rootOf(context, options);
  const { inspectPlatform } = await import("@plinth/platform");
  const set = options.set ?? [];
  const { plan, problems } = await inspectPlatform({ root, set });
  const unplanned = problems.filter(keepsFromTesting);
  if (plan === undefined || unplanned.length > 0) {
    const paint = createPaint(wantsColour(context.stderr, context.env));
    context.stderr.write(formatProblems(unplanned, context.cwd, paint));
    return exitCode.findings;
  }
  const chosen = await chosenModules(names, plan, root, options);
  const began = performance.now();
  const results = await runTests(chosen, plan, root, context, options);
  const durationMs = performance.now() - began;
  const ok = results.every(({ passed }) => passed);
  if (options.json === true) {
    writeJson(context, "modules test", { ok, durationMs, modules: results });
  } else if (results.length === 0) {
    context.stdout.write(options.affected === undefined ? "there are no modules\n" : "no module was touched\n");
  } else {
    const { showResults } = await import("../module-tests/show-results.ts");
    const paint = createPaint(wantsColour(context.stdout, context.env));
    context.stdout.write(showResults(results, durationMs, context, paint));
  }
  return ok ? exitCode.fine : exitCode.findings;
}

/** What is wrong with one module's settings, or the like, is for the tests of those that it concerns. */
function keepsFromTesting({ code }: PlatformError): boolean {
  return /^(MANIFEST|GRAPH)_/.test(code);
}

async function chosenModules(
  names: readonly string[],
  { modules }: BootPlan,
  root: string,
  { affected }: TestOptions,
): Promise<readonly PlannedModule[]> {
  const own = modules.filter(({ source }) => source !== "platform");
  const { findModule } = await import("../find-module.ts");
  const named: ReadonlySet<RegisteredModule> = new Set(names.map((name) => findModule(own, name)));
  const chosen = named.size === 0 ? own : own.filter((module) => named.has(module));
  if (affected === undefined) return chosen;
  const [{ changedFiles }, { affectedModules }] = await Promise.all([
    import("../module-tests/changed-files.ts"),
    import("../module-tests/affected-modules.ts"),
  ]);
  const touched = affectedModules(modules, root, await changedFiles(root, affected));
  return chosen.filter(({ manifest }) => touched.has(manifest.name));
}

async function runTests(
  chosen: readonly PlannedModule[],
  { modules }: BootPlan,
  root: string,
  context: Context,
  options: TestOptions,
): Promise<readonly ModuleTestResult[]> {
  if (chosen.length === 0) return [];
  const [{ runModuleTests }, { createProgress }] = await Promise.all([
    import("../module-tests/run-module-tests.ts"),
    import("../module-tests/progress.ts"),
  ]);
  const { signal, release } = await untilEnded(context);
  using progress = createProgress(context.stderr, chosen.length);
  try {
    return await runModuleTests(chosen, modules, {
      root,
      set: options.set ?? [],
      env: context.env,
      signal,
      withOptional: options.withOptional ?? false,
      jobs: options.jobs ?? availableParallelism(),
      limitMs: options.timeout,
      onProgress: (module, result) =>
        result === undefined ? progress.began(module) : progress.ended(module, result.passed),
    });
  } finally {
    release();
  }
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return number;
}

function time(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError("It must be a duration such as 500ms, 30s or 2m.");
  return ms;
}
