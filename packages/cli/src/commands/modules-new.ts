import path from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { pathFrom } from "../output/place.ts";
import { folderOf, type GlobalOptions } from "../root.ts";

const details = `
Writes a module that works at once: manifest, contract, code and a test, in the folder where the platform's
other modules are, as a package where they are packages. It is put there as a whole, and then the generated
sources are brought up to date. It keeps entries, which are yours to replace.

  --depends    requires the first service of each of these modules, and stands in for it in the test
  --http       routes, and the permissions that they ask for
  --database   a table with its first migration; without it the entries are kept in memory

With --json: { "version": 1, "module", "folder", "files", "package" }: absolute paths; "package" is null where
the platform's modules are no packages.

Examples:
  platformctl modules new invoices
  platformctl modules new invoices --http --database
  platformctl modules new invoices --depends identity,tickets
  platformctl modules new invoices --folder modules/finance      in modules/finance/invoices

Exit codes:
  0  it is written    1  its generated sources could not be written    2  the command line is wrong
`;

/** `platformctl modules new`: a module that works at once. */
export function addModulesNewCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("new")
    .description("Write a new module that works at once.")
    .argument("<name>", "its name, in lower case with hyphens")
    .option("--depends <modules>", "names of modules that it depends on, with commas between them", listOf)
    .option("--http", "give it routes and permissions")
    .option("--database", "give it a table and a migration")
    .option("--folder <dir>", "the folder that is to hold the module's own")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: NewOptions = command.optsWithGlobals();
      done(await writeModule(context, options, name));
    });
}

function listOf(names: string): readonly string[] {
  return [...new Set(names.split(",").map((name) => name.trim()))].filter((name) => name !== "");
}

interface NewOptions extends GlobalOptions {
  readonly depends?: readonly string[];
  readonly http?: boolean;
  readonly database?: boolean;
  readonly folder?: string;
  readonly json?: boolean;
}

async function writeModule(context: Context, options: NewOptions, name: string) {
  const [platform, { newModule }] = await Promise.all([
    inspected(context, options),
    import("../scaffold/new-module.ts"),
  ]);
  const { depends = [], http = false, database = false, folder } = options;
  const asked = folder === undefined ? undefined : path.resolve(folderOf(context, options), folder);
  const written = newModule(platform, name, { depends, http, database, folder: asked }, context);
  if (options.json === true) {
    writeJson(context, "modules new", {
      module: name,
      folder: written.folder,
      files: [...written.files],
      package: written.package ?? null,
    });
    return exitCode.fine;
  }
  for (const file of written.files) context.stdout.write(`wrote ${pathFrom(context.cwd, file)}\n`);
  if (written.package !== undefined) {
    context.stderr.write(`npm install links ${written.package}, so that other modules can import it\n`);
  }
  return exitCode.fine;
}
