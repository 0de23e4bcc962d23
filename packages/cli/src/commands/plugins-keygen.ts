import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { pathFrom } from "../output/place.ts";
import { folderOf, type GlobalOptions } from "../root.ts";

const details = `
Writes the private key, which signs, into a file that only you can read, and prints the public one, which goes into
the platform.yaml of those who shall trust your plugins:

  plugins:
    trustedKeys: [lWqj7lXyUqe3ocXYrGoZSMRsbqGlbsUQ60jmWWYyQQA=]

With --json: { "version": 1, "publicKey", "file" }, the file absolute.

Examples:
  platformctl plugins keygen
  platformctl plugins keygen ~/.keys/acme.pem

Exit codes:
  0  both keys are there    2  there is such a file already, or the command line is wrong
`;

/** `platformctl plugins keygen`: a pair of keys to sign plugins with. */
export function addPluginsKeygenCommand(plugins: Command, context: Context, done: Done): void {
  plugins
    .command("keygen")
    .description("Make a pair of keys to sign plugins with.")
    .argument("[file]", "where the private key is written", "plugin-key.pem")
    .option("--json", "print JSON instead of the public key")
    .addHelpText("after", details)
    .action(async (file: string, _, command: Command) => {
      const { reported } = await import("../plugins/reported.ts");
      const options: KeygenOptions = command.optsWithGlobals();
      done(await reported(context, () => keygen(context, options, file)));
    });
}

interface KeygenOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function keygen(context: Context, options: KeygenOptions, given: string) {
  const [{ generateKeys }, { platformError }] = await Promise.all([
    import("@plinth/plugins"),
    import("@plinth/module"),
  ]);
  const file = path.resolve(folderOf(context, options), given);
  const { publicKey, privateKey } = generateKeys();
  try {
    writeFileSync(file, privateKey, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const { code, message: reason } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") throw platformError("PLUGIN_KEY_EXISTS", { file }, { at: [{ file }], cause });
    throw platformError("PLUGIN_UNWRITABLE", { file, reason }, { at: [{ file }], cause });
  }
  if (options.json === true) writeJson(context, "plugins keygen", { publicKey, file });
  else {
    context.stdout.write(`${publicKey}\n`);
    context.stderr.write(`the private key is in ${pathFrom(context.cwd, file)}: keep it, and keep it to yourself\n`);
  }
  return exitCode.fine;
}
