import type { PlatformError } from "@plinth/module";
import type { Inspection } from "@plinth/platform";
import type { Context } from "../context.ts";
import { inspected } from "../inspected.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatProblems } from "../output/problems.ts";
import type { GlobalOptions } from "../root.ts";

/** What is wrong with the platform now and was not before its plugins were changed. */
export async function newProblems(
  context: Context,
  options: GlobalOptions,
  before: Pick<Inspection, "problems">,
): Promise<readonly PlatformError[]> {
  const known = new Set(before.problems.map(({ message }) => message));
  const { problems } = await inspected(context, options);
  return problems.filter(({ message }) => !known.has(message));
}

/** Says on the standard error what has to be mended before the platform can start. */
export function mentionNewProblems({ stderr, cwd, env }: Context, problems: readonly PlatformError[]): void {
  if (problems.length === 0) return;
  const paint = createPaint(wantsColour(stderr, env));
  stderr.write(`\nbefore the platform can start, this has to be mended:\n\n${formatProblems(problems, cwd, paint)}`);
}
