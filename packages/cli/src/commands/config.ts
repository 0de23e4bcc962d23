import type { SettingEntry } from "@plinth/platform";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

const details = `
Every setting with the value that holds and where it comes from: a default, a line of platform.yaml, a
variable, or --set. Secrets and passwords in addresses are masked.

With --json: { "version": 1, "settings": [{ "setting", "value", "origin" }] }, where origin.kind is default, code, file (with
at: { file, line, column }), environment (with variable) or flag (with flag).

Examples:
  platformctl config
  platformctl config http                            those of one module
  platformctl config http.port --json
  platformctl config --set http.port=8081            what would hold then?

Exit codes:
  0  fine    1  something is wrong with the platform    2  there is no such setting
`;

/** `platformctl config`: the settings that hold, and where each comes from. */
export function addConfigCommand(program: Command, context: Context, done: Done): void {
  program
    .command("config")
    .description("Show the settings in effect and where they come from.")
    .argument("[setting]", "a setting or a section, such as http or http.port")
    .option("--json", "print JSON instead of a table")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (setting: string | undefined, _, command: Command) => {
      const options: ConfigOptions = command.optsWithGlobals();
      done(await showConfig(context, options, setting));
    });
}

interface ConfigOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function showConfig(context: Context, options: ConfigOptions, setting: string | undefined) {
  const [inspection, { listSettings }, { settingsRows }] = await Promise.all([
    inspected(context, options),
    import("@plinth/platform"),
    import("../output/settings-rows.ts"),
  ]);
  const { settings, problems } = inspection;
  const all = settings === undefined ? [] : listSettings(settings);
  const entries = setting === undefined ? all : await within(all, setting);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) {
    writeJson(context, "config", { settings: entries });
  } else {
    const head = ["SETTING", "VALUE", "SOURCE"].map(paint.bold);
    context.stdout.write(formatTable([head, ...settingsRows(entries, context.cwd, paint)]));
  }
  mentionProblems(context, inspection);
  return problems.length === 0 ? exitCode.fine : exitCode.findings;
}

async function within(all: readonly SettingEntry[], wanted: string): Promise<readonly SettingEntry[]> {
  const found = all.filter(({ setting }) => setting === wanted || setting.startsWith(`${wanted}.`));
  if (found.length > 0) return found;
  const [{ nearest }, { platformError }] = await Promise.all([import("@plinth/kernel"), import("@plinth/module")]);
  const names = all.flatMap(({ setting }) => {
    const keys = setting.split(".");
    return keys.map((_, index) => keys.slice(0, index + 1).join("."));
  });
  const meant = nearest(wanted, new Set(names));
  const hint =
    meant === undefined
      ? "Run platformctl config to see the settings."
      : `Write ${meant} instead, or run platformctl config to see the settings.`;
  throw platformError("COMMAND_SETTING_UNKNOWN", { setting: wanted, hint });
}
