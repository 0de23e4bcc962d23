import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import { wrapped } from "../output/wrapped.ts";

const details = `
Every error of Plinth has a code that never changes. Words in braces, as in {module}, stand for what an
error names.

With --json: { "version": 1, "errors": [{ "code", "area", "message", "fix", "why" }] }, with one where a code was given.

Examples:
  platformctl errors GRAPH_CYCLE
  platformctl errors | grep MIGRATIONS_

Exit codes:
  0  fine    2  there is no such code
`;

/** `platformctl errors`: what the codes of errors mean. */
export function addErrorsCommand(program: Command, context: Context, done: Done): void {
  program
    .command("errors")
    .description("Explain an error, or list all of them.")
    .argument("[code]", "the code, in any case")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (code: string | undefined, options: { readonly json?: boolean }) => {
      done(await explainErrors(context, options.json === true, code));
    });
}

/** An error of the table, as `--json` prints it. */
interface ExplainedError {
  readonly code: string;
  readonly area: string;
  readonly message: string;
  readonly fix: string;
  readonly why: string;
}

async function explainErrors(context: Context, json: boolean, code: string | undefined) {
  const { errorAreas, platformError } = await import("@plinth/module");
  const all = Object.entries(errorAreas).flatMap(([area, table]) =>
    Object.entries(table).map(([code, { message, fix, why }]): ExplainedError => ({ code, area, message, fix, why })),
  );
  const print = (errors: readonly ExplainedError[], text: () => string): void => {
    if (json) writeJson(context, "errors", { errors });
    else context.stdout.write(text());
  };
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (code === undefined) {
    print(all, () => formatTable(all.map((error) => [paint.bold(error.code), error.message])));
    return exitCode.fine;
  }
  const found = all.find((error) => error.code === code.toUpperCase());
  if (found === undefined) {
    const { nearest } = await import("@plinth/kernel");
    const meant = nearest(
      code.toUpperCase(),
      all.map((error) => error.code),
    );
    const hint =
      meant === undefined
        ? "Run platformctl errors to see all codes."
        : `Run platformctl errors ${meant}, or platformctl errors to see all codes.`;
    throw platformError("COMMAND_ERROR_UNKNOWN", { code, hint });
  }
  print([found], () => textOf(found, paint, Math.min(context.stdout.columns ?? 100, 100)));
  return exitCode.fine;
}

function textOf({ code, area, message, fix, why }: ExplainedError, paint: Paint, width: number): string {
  return `${paint.red(code)} ${paint.dim(`(${area})`)}
${wrapped(`${message}.`, width)}

${paint.bold("Why")}
${wrapped(why, width, "  ")}

${paint.bold("What to do")}
${wrapped(fix, width, "  ")}
`;
}
