import { readFileSync, statSync } from "node:fs";
import type { PlatformError } from "@plinth/module";
import type { Context } from "../context.ts";
import { type Inspected, inspected } from "../inspected.ts";
import { count } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";
import type { SettingsOptions } from "../set-option.ts";
import { type Check, failed, passed } from "./check.ts";
import { checkClock, type Witness } from "./check-clock.ts";
import { checkDatabase } from "./check-database.ts";
import { checkNode } from "./check-node.ts";
import { checkPlugins } from "./check-plugins.ts";
import { checkPort } from "./check-port.ts";
import { ownProcess } from "./own-process.ts";
import { isPlatformOf } from "./who-listens.ts";

type OwnProcess = Awaited<ReturnType<typeof ownProcess>>;

/** Looks at everything that a platform needs around it, and at the platform itself. Changes nothing. */
export async function examine(context: Context, options: GlobalOptions & SettingsOptions): Promise<readonly Check[]> {
  const inspection = await inspected(context, options);
  const { settings, modules } = inspection;
  const own = await ownProcess(inspection.root);
  const isSetting = ({ code }: PlatformError) => code.startsWith("SETTINGS_");
  const isPlugin = ({ code }: PlatformError) => code.startsWith("PLUGIN_");
  const [{ check: database, witness }, port] = await Promise.all([
    checkDatabase(context, options, own?.pid),
    portOf(inspection, own),
  ]);
  const wrong = (name: string, problems: readonly PlatformError[], fine: string) =>
    problems.length === 0 ? passed(name, fine) : failed(name, count(problems.length, "problem"), problems);
  return [
    checkNode(process.versions.node, ownEngine()),
    wrong("settings", inspection.problems.filter(isSetting), describeSettings(settings?.sources.file)),
    wrong(
      "modules",
      inspection.problems.filter((problem) => !isSetting(problem) && !isPlugin(problem)),
      count(modules.length, "module"),
    ),
    checkPlugins(inspection),
    database,
    port,
    checkClock([...(witness === undefined ? [] : [witness]), ...pastOf(settings?.sources.file)]),
  ];
}

function describeSettings(file: string | undefined): string {
  return file === undefined ? "defaults only" : "platform.yaml, variables and flags agree with the modules";
}

async function portOf({ settings, modules }: Inspected, running: OwnProcess): Promise<Check> {
  const own = settings?.modules.get("http");
  const { host, port } = settings?.forModule("http") ?? {};
  if (!modules.some(({ manifest }) => manifest.name === "http")) return passed("port", "nothing listens", "skipped");
  if (own === undefined || own.problems.length > 0 || typeof host !== "string" || typeof port !== "number") {
    return passed("port", "cannot be looked at while its settings are wrong", "skipped");
  }
  return checkPort(host, port, async () => {
    if (running?.url && new URL(running.url).port === String(port)) return `this platform, in process ${running.pid},`;
    const names = new Set(modules.map(({ manifest }) => manifest.name));
    return (await isPlatformOf(names, host, port)) ? "a platform of these modules" : undefined;
  });
}

/** A file cannot have been written in the future. */
function pastOf(file: string | undefined): Witness[] {
  const stat = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  return stat === undefined
    ? []
    : [{ name: "the time at which platform.yaml was written", ahead: stat.mtimeMs - Date.now(), isNow: false }];
}

function ownEngine(): string {
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return engines.node;
}
