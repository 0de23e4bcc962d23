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
Makes NAME-VERSION.tgz of a plugin's folder, in the current folder. What is packed is what npm would publish where
there is a package.json ("files", .npmignore, bundleDependencies), else everything but hidden files and node_modules.
No script is run. The same files give the same archive, byte by byte.

With --json: { "version": 1, "plugin": { "name", "version", "integrity", "signedBy" }, "file", "files": [path] }

Examples:
  platformctl plugins pack
  platformctl plugins pack ../sla --key ~/.keys/acme.pem      sign it too
  platformctl plugins pack ../sla --out dist/sla.tgz

Exit codes:
  0  it is written    1  the plugin cannot be packed    2  the command line is wrong
`;

/** `platformctl plugins pack`: the archive of a plugin. */
export function addPluginsPackCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("pack")
    .description("Make the archive of a plugin.")
    .argument("[folder]", "the folder of the plugin", ".")
    .option("--key <file>", "the private key to sign with")
    .option("--out <file>", "the archive to write; NAME-VERSION.tgz where nothing is said")
    .option("--json", "print JSON instead of the file's name")
    .addHelpText("after", details)
    .action(async (folder: string, _, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: PackOptions = command.optsWithGlobals();
      done(await reported(context, () => packFolder(context, options, folder)));
    });
}

interface PackOptions extends GlobalOptions {
  readonly key?: string;
  readonly out?: string;
  readonly json?: boolean;
}

async function packFolder(context: Context, options: PackOptions, given: string) {
  const [{ fetchPlugin }, { pack, shownPacked, writeWhole }] = await Promise.all([
    import("@plinth/plugins"),
    import("../plugins/pack-here.ts"),
  ]);
  const cwd = folderOf(context, options);
  const fetched = await fetchPlugin(path.resolve(cwd, given), { cwd, root: cwd, env: context.env });
  const packed = await pack(context, fetched, options.key === undefined ? undefined : path.resolve(cwd, options.key));
  const file = path.resolve(cwd, options.out ?? `${packed.name}-${packed.version}.tgz`);
  writeWhole(file, packed.archive);
  if (options.json === true) {
    writeJson(context, "plugins pack", { plugin: shownPacked(packed), file, files: packed.files });
  } else {
    const signed = packed.signedBy === undefined ? "not signed" : `signed with ${packed.signedBy}`;
    context.stderr.write(`${count(packed.files.length, "file")}, ${packed.archive.length} bytes, ${signed}\n`);
    context.stdout.write(`${pathFrom(context.cwd, file)}\n`);
  }
  return exitCode.fine;
}
