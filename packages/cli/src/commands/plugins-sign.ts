import path from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { folderOf, type GlobalOptions } from "../root.ts";

const details = `
Puts a signature into an archive: over the name, the version and the hash of every file. A signature that was in it
is replaced. The file plinth.sig in the archive holds it.

With --json: { "version": 1, "plugin": { "name", "version", "integrity", "signedBy" }, "file" }

Examples:
  platformctl plugins sign sla-1.2.0.tgz --key ~/.keys/acme.pem
  platformctl plugins sign sla-1.2.0.tgz --key ~/.keys/acme.pem --out signed/sla-1.2.0.tgz

Exit codes:
  0  it is signed    1  the archive or the key cannot be used    2  the command line is wrong
`;

/** `platformctl plugins sign`: a signature for an archive. */
export function addPluginsSignCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("sign")
    .description("Put your signature into the archive of a plugin.")
    .argument("<archive>", "the .tgz file")
    .requiredOption("--key <file>", "the private key to sign with")
    .option("--out <file>", "the archive to write, instead of changing the given one")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (archive: string, _, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: SignOptions = command.optsWithGlobals();
      done(await reported(context, () => sign(context, options, archive)));
    });
}

interface SignOptions extends GlobalOptions {
  readonly key: string;
  readonly out?: string;
  readonly json?: boolean;
}

async function sign(context: Context, options: SignOptions, given: string) {
  const [{ fetchPlugin }, { pack, shownPacked, writeWhole }] = await Promise.all([
    import("@plinth/plugins"),
    import("../plugins/pack-here.ts"),
  ]);
  const cwd = folderOf(context, options);
  const archive = path.resolve(cwd, given);
  const fetched = await fetchPlugin(archive, { cwd, root: cwd, env: context.env });
  const packed = await pack(context, fetched, path.resolve(cwd, options.key));
  const file = path.resolve(cwd, options.out ?? archive);
  writeWhole(file, packed.archive);
  if (options.json === true) writeJson(context, "plugins sign", { plugin: shownPacked(packed), file });
  else context.stdout.write(`${packed.name} ${packed.version} signed with ${packed.signedBy}\n`);
  return exitCode.fine;
}
