import type { Inspection } from "@plinth/platform";
import type { Context } from "./context.ts";
import { count } from "./output/problems.ts";
import { type GlobalOptions, rootOf } from "./root.ts";
import type { SettingsOptions } from "./set-option.ts";

/** A platform that was looked at, and its root. */
export interface Inspected extends Inspection {
  readonly root: string;
}

/** Looks at the platform that a command is about, without running any of its code. */
export async function inspected(context: Context, options: GlobalOptions & SettingsOptions): Promise<Inspected> {
  const root = await rootOf(context, options);
  const { inspectPlatform } = await import("@plinth/platform");
  const inspection = await inspectPlatform({ root, env: context.env, set: options.set ?? [] });
  return { root, ...inspection };
}

/** Says on the standard error that a platform has problems, for commands that show what they can all the same. */
export function mentionProblems(context: Context, { problems }: Pick<Inspection, "problems">): void {
  if (problems.length === 0) return;
  context.stderr.write(`${count(problems.length, "problem")}; platformctl modules validate shows what is wrong\n`);
}
