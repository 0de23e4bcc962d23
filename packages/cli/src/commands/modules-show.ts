import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { pathFrom } from "../output/place.ts";
import { formatTable } from "../output/table.ts";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";
import type { ShownModule } from "../shown-module.ts";

const details = `
Nothing of the module is run, so the services of its code are not known; those of the modules of the
platform itself are.

With --json: { "version": 1, "module": { ... } } with what "modules list --json" has of a module, and besides
  description    or null
  manifest       its file, absolute; null for one that is part of the code
  platform       the range of the host's version, or null
  critical       whether the platform stops when it fails
  timeouts       { start, stop } in milliseconds; null where the platform's default holds
  dependents     [{ name, range, optional }]: who depends on it
  services       { provides, requires, optional }: ids; null where only code tells
  permissions    [{ code, description }]
  settings       [{ setting, value, origin }]: secrets are masked; origin.kind is default, code, file
                 (with at), environment (with variable) or flag (with flag)

Examples:
  platformctl modules show tickets
  platformctl modules show http --set http.port=8081     which settings would it have?

Exit codes:
  0  fine    1  something is wrong with the platform    2  there is no such module
`;

/** `platformctl modules show`: everything about one module. */
export function addModulesShowCommand(modules: Command, context: Context, done: Done): void {
  modules
    .command("show")
    .description("Show everything about one module.")
    .argument("<name>", "the module")
    .option("--json", "print JSON instead of text")
    .addOption(setOption())
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: ShowOptions = command.optsWithGlobals();
      done(await showModule(context, options, name));
    });
}

interface ShowOptions extends GlobalOptions, SettingsOptions {
  readonly json?: boolean;
}

async function showModule(context: Context, options: ShowOptions, name: string) {
  const [inspection, { shownModule }, { settingsRows }, { findModule }] = await Promise.all([
    inspected(context, options),
    import("../shown-module.ts"),
    import("../output/settings-rows.ts"),
    import("../find-module.ts"),
  ]);
  const { modules, settings, problems } = inspection;
  const shown = shownModule(findModule(modules, name), modules, settings);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  const rows = settingsRows(shown.settings, context.cwd, paint);
  if (options.json === true) writeJson(context, "modules show", { module: shown });
  else context.stdout.write(textOf(shown, rows, context.cwd, paint));
  mentionProblems(context, inspection);
  return problems.length === 0 ? exitCode.fine : exitCode.findings;
}

function textOf(shown: ShownModule, settings: readonly string[][], cwd: string, paint: Paint): string {
  const { path: folder, manifest, platform, critical, timeouts, services } = shown;
  const seconds = (ms: number | null) => (ms === null ? "default" : `${ms / 1000}s`);
  const facts = [
    ["source", shown.source],
    ...(folder === null ? [] : [["path", pathFrom(cwd, folder)]]),
    ...(manifest === null ? [] : [["manifest", pathFrom(cwd, manifest)]]),
    ["platform", platform ?? "any version"],
    ["critical", critical ? "yes" : "no: the platform starts degraded without it"],
    ["timeouts", `start ${seconds(timeouts.start)}, stop ${seconds(timeouts.stop)}`],
  ];
  const links = (modules: ShownModule["dependencies"]) =>
    modules.map(({ name, range, optional }) => [name, range, ...(optional ? ["optional"] : [])]);
  const service = (id: string) => [id];
  const sections: (readonly [string, readonly (readonly string[])[]])[] = [
    ["Dependencies", links(shown.dependencies)],
    ["Dependents", links(shown.dependents)],
    ["Provides", (services?.provides ?? []).map(service)],
    [
      "Requires",
      [...(services?.requires ?? []).map(service), ...(services?.optional ?? []).map((id) => [id, "optional"])],
    ],
    ["Permissions", shown.permissions.map(({ code, description }) => [code, description ?? ""])],
    ["Migrations", shown.migrations.map((name) => [name])],
    ["Settings", settings],
  ];
  const head = `${paint.bold(shown.name)} ${shown.version}\n${shown.description === null ? "" : `${shown.description}\n`}`;
  const text = sections.map(([title, rows]) =>
    rows.length === 0 ? "" : `\n${paint.bold(title)}\n${indented(formatTable(rows))}`,
  );
  return `${head}\n${formatTable(facts)}${text.join("")}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
