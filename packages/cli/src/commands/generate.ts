import type { Generated, GeneratedFile, Root } from "@plinth/codegen";
import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson, writeJsonLine } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { pathFrom } from "../output/place.ts";
import { count, formatProblems } from "../output/problems.ts";
import { folderOf, type GlobalOptions } from "../root.ts";
import { untilEnded } from "../until-ended.ts";

const details = `
Writes, from the manifests alone:
  src/module.gen.ts    in each module's folder: its manifest as a typed constant, its permission codes as
                       constants with their descriptions, the union of the codes, the type of its settings
  src/modules.gen.ts   in the platform's folder: all modules as static imports, the union of all codes
Only files that are not up to date are written, each as a whole. The same manifests give the same bytes.

A root is the folder of a platform, or of a module that stands alone; patterns such as "apps/*" name
several. Without one: the nearest platform, or else the nearest module, from the current folder upwards.

With --json: { "version": 1, "ok", "files": [{ "file", "status" }], "problems" } with absolute files; status is written,
unchanged or, with --check, stale. Problems are as in "modules validate --json". With --watch
one such line for each run that did or found something, with "root" and without the files that are unchanged.

Examples:
  platformctl generate
  platformctl generate --check            for CI, and before a start or a test: is everything up to date?
  platformctl generate --watch            follow edits until Ctrl-C
  platformctl generate "apps/*" plugins/billing

Exit codes:
  0  everything is up to date    1  something is not, or is wrong    2  the command line is wrong
`;

/** `platformctl generate`: sources from manifests. */
export function addGenerateCommand(program: Command, context: Context, done: Done): void {
  program
    .command("generate")
    .description("Write the sources that follow from manifests.")
    .argument("[roots...]", "folders of platforms or modules, or patterns of such")
    .option("--check", "write nothing; show what is not up to date")
    .addOption(new Option("--watch", "go on, and follow changes of manifests").conflicts("check"))
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (roots: string[], _, command: Command) => {
      const options: GenerateOptions = command.optsWithGlobals();
      done(await generateFor(roots, context, options));
    });
}

interface GenerateOptions extends GlobalOptions {
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

async function generateFor(args: readonly string[], context: Context, options: GenerateOptions) {
  const { findRoots, generate, nearestRoot } = await import("@plinth/codegen");
  const from = folderOf(context, options);
  const roots = args.length === 0 ? [nearestRoot(from)] : findRoots(from, args);
  if (options.watch === true) return watch(roots, context, options);
  const generated = roots.map((root) => generate(root, { check: options.check === true }));
  const files = generated.flatMap((each) => each.files);
  const problems = generated.flatMap((each) => each.problems);
  const ok = problems.length === 0 && files.every(({ status }) => status !== "stale");
  if (options.json === true) {
    writeJson(context, "generate", { ok, files: files.map(shown), problems });
  } else {
    await print({ files, problems }, context);
  }
  return ok ? exitCode.fine : exitCode.findings;
}

async function watch(roots: readonly Root[], context: Context, { json }: GenerateOptions) {
  const { watchRoots } = await import("@plinth/codegen");
  const { signal, release } = await untilEnded(context);
  const onRun = ({ root, files, problems }: Generated): void => {
    if (json === true) {
      const changed = files.flatMap(({ file, status }) => (status === "unchanged" ? [] : [{ file, status }]));
      const ok = problems.length === 0;
      writeJsonLine(context, "generate --watch", { root: root.folder, ok, files: changed, problems });
      return;
    }
    // Nothing is stale here, and only what is stale takes time to print.
    writeText({ files, problems }, context);
  };
  try {
    await watchRoots(roots, { signal, onRun });
  } finally {
    release();
  }
  return exitCode.fine;
}

function shown({ file, status }: GeneratedFile): Pick<GeneratedFile, "file" | "status"> {
  return { file, status };
}

type Outcome = Pick<Generated, "files" | "problems">;

async function print(outcome: Outcome, context: Context): Promise<void> {
  const { driftText } = await import("@plinth/codegen");
  const paint = createPaint(wantsColour(context.stdout, context.env));
  for (const { file, drift } of outcome.files) {
    if (drift === undefined) continue;
    const text = await driftText(pathFrom(context.cwd, file), drift);
    context.stdout.write(
      `${text
        .split("\n")
        .map((line) => paintDiff(line, paint))
        .join("\n")}\n`,
    );
  }
  writeText(outcome, context);
}

function paintDiff(line: string, paint: Paint): string {
  if (line.startsWith("---") || line.startsWith("+++")) return paint.bold(line);
  if (line.startsWith("@@")) return paint.dim(line);
  return line.startsWith("-") ? paint.red(line) : line.startsWith("+") ? paint.green(line) : line;
}

function writeText({ files, problems }: Outcome, { stdout, stderr, cwd, env }: Context): void {
  const having = (wanted: GeneratedFile["status"]) => files.filter(({ status }) => status === wanted);
  for (const { file } of having("written")) stdout.write(`wrote ${pathFrom(cwd, file)}\n`);
  if (problems.length > 0) {
    const paint = createPaint(wantsColour(stderr, env));
    const total = paint.red(count(problems.length, "problem"));
    stderr.write(`${formatProblems(problems, cwd, paint)}\n${total}\n`);
    return;
  }
  const paint = createPaint(wantsColour(stdout, env));
  const stale = having("stale").length;
  const of = count(files.length, "generated file");
  const written = having("written").length;
  const summary =
    stale > 0
      ? paint.red(`${stale} of ${of} ${stale === 1 ? "is" : "are"} not up to date; run platformctl generate`)
      : paint.green(`${of}, ${written === 0 ? "all up to date" : `${written} written`}`);
  stdout.write(`${summary}\n`);
}
