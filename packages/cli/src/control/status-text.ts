import type { ControlStatus } from "@plinth/platform/control";
import type { Paint } from "../output/paint.ts";
import { count } from "../output/problems.ts";
import { elapsed, took } from "./elapsed.ts";
import { markLegend, moduleTable } from "./module-table.ts";
import { isWell, type Trouble, troubles } from "./verdict.ts";

/**
 * A running platform as people look at it.
 *
 * @param now milliseconds since 1970-01-01 UTC.
 */
export function statusText(status: ControlStatus, now: number, paint: Paint): string {
  const wrong = troubles(status);
  const parts = [
    headText(status, now, paint),
    `${moduleTable(status.modules, now, paint)}${status.modules.some((each) => each.isOnCriticalPath) ? `${paint.dim(markLegend)}\n` : ""}`,
    ...(wrong.length === 0 ? [] : [wrong.map((trouble) => troubleText(trouble, paint)).join("\n")]),
  ];
  return parts.join("\n");
}

function headText(status: ControlStatus, now: number, paint: Paint): string {
  const { name, state, since, startedAt, url, pid, version, root, start, modules } = status;
  const colour = isWell(status) ? paint.green : paint.red;
  const up = elapsed(now - startedAt);
  // A change of state long after the start is worth a word.
  const duration = since - startedAt > 60_000 ? `for ${elapsed(now - since)}, up ${up}` : `for ${up}`;
  const running = modules.filter((module) => module.state === "running").length;
  const modulesText = running === modules.length ? count(running, "module") : `${running} of ${modules.length} modules`;
  return [
    `${paint.bold(name)}  ${colour(state)} ${duration}, ${modulesText}\n`,
    `${url ?? "no HTTP"}  ${paint.dim(`process ${pid}, API ${version}, ${root}`)}\n`,
    ...(start === null ? [] : [`started in ${took(start.durationMs)}: ${pathText(start.criticalPath)}\n`]),
  ].join("");
}

/** Modules that took next to no time are left out, but for the last one. */
function pathText(path: NonNullable<ControlStatus["start"]>["criticalPath"]): string {
  const shown = path.filter(({ durationMs }, index) => durationMs >= 1 || index === path.length - 1);
  return shown.map(({ module, durationMs }) => `${module} ${took(durationMs)}`).join(" → ");
}

function troubleText({ module, skipped }: Trouble, paint: Paint): string {
  const { name, error, health, messages } = module;
  const isSick = health === "fail" || health === "warn";
  const lines = [
    ...(error === null ? [] : [`${error.code}: ${error.message}`, `fix: ${error.fix}`]),
    ...(isSick ? [`health: ${[health, ...messages].join(", ")}`] : []),
    ...(skipped.length === 0 ? [] : [`skipped for it: ${skipped.join(", ")}`]),
  ];
  const title = error === null && health === "warn" ? paint.bold(name) : paint.red(name);
  return `${title}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
