import path from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { pathFrom } from "../output/place.ts";
import { count } from "../output/problems.ts";
import { folderOf, type GlobalOptions } from "../root.ts";

const details = `
Writes a platform that works: two modules that talk to each other, with a table, routes, a permission, settings
and tests; a Makefile, a Dockerfile, a workflow for GitHub, and settings for editors. The folder is made where it
is missing, and must be empty. The same as a command of npm: npm create @plinth desk

  --install    runs npm install too; without it, make run and make test do so when they are first called
  --from       takes Plinth from a folder with the archives that npm pack makes, instead of the registry

With --json: { "version": 1, "name", "folder", "files", "installed" }, folder and files absolute.

Examples:
  platformctl init desk && cd desk && make run
  platformctl init desk --install
  platformctl init . --name help-desk

Exit codes:
  0  it is written    1  it is written, but not installed    2  the command line is wrong, or the folder is not empty
`;

/** `platformctl init`: a new platform in an empty folder. */
export function addInitCommand(program: Command, context: Context, done: Done): void {
  program
    .command("init")
    .description("Write a new platform into an empty folder.")
    .argument("[dir]", "the folder, which is made where it is missing", ".")
    .option("--name <name>", "the name of the platform, and the scope of its packages (default: that of the folder)")
    .option("--install", "install its packages")
    .option("--no-install", "leave that to make run, or to you (default)")
    .option("--from <dir>", "take Plinth's packages from archives in this folder")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (dir: string, _, command: Command) => {
      const options: InitOptions = command.optsWithGlobals();
      done(await init(context, options, dir));
    });
}

interface InitOptions extends GlobalOptions {
  readonly name?: string;
  readonly install?: boolean;
  readonly from?: string;
  readonly json?: boolean;
}

async function init(context: Context, options: InitOptions, dir: string) {
  const [{ newPlatform }, { untilEnded }] = await Promise.all([
    import("../scaffold/new-platform.ts"),
    import("../until-ended.ts"),
  ]);
  const from = options.from === undefined ? undefined : path.resolve(context.cwd, options.from);
  const folder = path.resolve(folderOf(context, options), dir);
  // Ctrl-C counts from here on: no moment is left in which it would leave the platform without saying so.
  const { signal, release } = options.install === true ? await untilEnded(context) : notEnded;
  try {
    const written = newPlatform(folder, { name: options.name, from }, context);
    const installed = options.install === true && (await install(folder, signal, context));
    const { name, files } = written;
    if (options.json === true) writeJson(context, "init", { name, folder, files: [...files], installed });
    else context.stdout.write(textOf(written, context.cwd));
    return options.install === true && !installed ? exitCode.findings : exitCode.fine;
  } finally {
    release();
  }
}

const notEnded = { signal: new AbortController().signal, release: () => {} };

async function install(folder: string, signal: AbortSignal, context: Context): Promise<boolean> {
  const [{ installPackages }, { formatProblem, problemsOf }] = await Promise.all([
    import("../scaffold/install-packages.ts"),
    import("@plinth/module"),
  ]);
  try {
    await installPackages(folder, signal, context);
    return true;
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    for (const problem of problems) context.stderr.write(`${formatProblem(problem)}\n`);
    return false;
  }
}

function textOf(
  { folder, files }: { readonly folder: string; readonly files: readonly string[] },
  cwd: string,
): string {
  const place = pathFrom(cwd, folder);
  const enter = place === "." ? "" : `  cd ${place}\n`;
  return `wrote ${count(files.length, "file")} to ${place}; now\n${enter}  make run      then open http://127.0.0.1:8080/notes\n  make test\n`;
}
