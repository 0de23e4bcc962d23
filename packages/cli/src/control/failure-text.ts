import type { PlatformError } from "@plinth/module";
import type { ControlStatus } from "@plinth/platform/control";
import type { Context } from "../context.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";

/** Why a change of the running platform failed, and what runs of it now; `undefined` where that is not known. */
export function failureText(
  { stderr, cwd, env }: Context,
  problems: readonly PlatformError[],
  status: ControlStatus | undefined,
  name: string,
): string {
  const text = formatProblems(problems, cwd, createPaint(wantsColour(stderr, env)));
  const module = status?.modules.find((each) => each.name === name);
  if (status === undefined || module === undefined) return text;
  const others = status.modules.filter(({ state }) => state !== "running");
  const now = module.state === "running" ? `${name} goes on as it was before` : `${name} is ${module.state} now`;
  const away = others.filter((each) => each !== module).map((each) => each.name);
  return `${text}\n${now}${away.length === 0 ? "" : `; not running either: ${away.join(", ")}`}\n`;
}
