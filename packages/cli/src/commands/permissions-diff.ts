import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { inspected, mentionProblems } from "../inspected.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, type Paint, wantsColour } from "../output/paint.ts";
import { count, formatProblems } from "../output/problems.ts";
import type { ComparedPermissions } from "../permissions/compare-permissions.ts";
import type { PermissionDiff } from "../permissions/diff-permissions.ts";
import type { GlobalOptions } from "../root.ts";

const details = `
Compares the permissions that the manifests declare now, whether or not they are committed, with those
at an earlier commit: a branch, a tag, or anything else that git takes for one. The old manifests are
read from the repository, in the folders that platform.yaml named then; nothing is checked out.

  + added      - removed      > renamed: grants follow to the successor      ~ retired

A removal without a successor takes a right away, so the exit code is 1: unless the code was retired
with a version, and the module has left that major version since. A code with "replacedBy" may be
removed, since the grants of platforms that have run with it have followed.

With --json: { "version": 1, "ref", "ok", "added": [permission], "renamed": [{ "code", "to" }],
"retired": [{ "code", "since" }], "removed": [{ "code", "successor", "wasDue" }], "problems" }; a
permission is { "code", "module", "description", "since" }.

Examples:
  platformctl permissions diff main
  platformctl permissions diff v1.4.0 --json
  platformctl permissions diff HEAD            what is not committed yet

Exit codes:
  0  nothing is taken away
  1  a permission is removed without a successor, or manifests cannot be read
  2  the command line is wrong, or git does not know the commit
`;

/** `platformctl permissions diff`: what a change does to permissions. */
export function addPermissionsDiffCommand(permissions: Command, context: Context, done: Done): void {
  permissions
    .command("diff")
    .description("Show what has been added, removed, renamed and retired since a commit.")
    .argument("<git-ref>", "the commit to compare with, as in main, v1.4.0 or HEAD~3")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", details)
    .action(async (ref: string, _, command: Command) => {
      const options: DiffOptions = command.optsWithGlobals();
      done(await diff(context, ref, options));
    });
}

interface DiffOptions extends GlobalOptions {
  readonly json?: boolean;
}

async function diff(context: Context, ref: string, options: DiffOptions) {
  const inspection = await inspected(context, options);
  const { comparePermissions } = await import("../permissions/compare-permissions.ts");
  const compared = await comparePermissions(inspection, ref);
  const paint = createPaint(wantsColour(context.stdout, context.env));
  if (options.json === true) writeJson(context, "permissions diff", jsonOf(compared, ref));
  else context.stdout.write(textOf(compared, context.cwd, paint));
  mentionProblems(context, inspection);
  return compared.problems.length + inspection.problems.length === 0 ? exitCode.fine : exitCode.findings;
}

function jsonOf({ added, renamed, retired, removed, problems }: ComparedPermissions, ref: string) {
  return {
    ref,
    ok: problems.length === 0,
    added: added.map(({ code, module, description, since }) => ({
      code,
      module,
      description: description ?? null,
      since: since ?? null,
    })),
    renamed: renamed.map(({ permission: { code }, to }) => ({ code, to })),
    retired: retired.map(({ code, retired: since }) => ({ code, since: typeof since === "string" ? since : null })),
    removed: removed.map(({ permission: { code }, successor, wasDue }) => ({
      code,
      successor: successor ?? null,
      wasDue,
    })),
    problems,
  };
}

function textOf(compared: ComparedPermissions, cwd: string, paint: Paint): string {
  const { problems } = compared;
  const lines = linesOf(compared, paint);
  const list = problems.length === 0 ? "" : `\n${formatProblems(problems, cwd, paint)}`;
  const { added, removed, renamed, retired } = compared;
  const summary = `${added.length} added, ${removed.length} removed, ${renamed.length} renamed, ${retired.length} retired`;
  const verdict =
    problems.length === 0 ? paint.green(summary) : paint.red(`${summary}; ${count(problems.length, "problem")}`);
  return `${lines.join("")}${list}${lines.length + list.length === 0 ? "" : "\n"}${verdict}\n`;
}

function linesOf({ added, renamed, retired, removed }: PermissionDiff, paint: Paint): string[] {
  return [
    ...added.map(
      ({ code, description }) => `${paint.green("+")} ${code}${description ? `  ${paint.dim(description)}` : ""}\n`,
    ),
    ...removed.map(({ permission: { code }, successor, wasDue }) => {
      const why =
        successor === undefined ? (wasDue ? "its time was over" : "no successor") : `${successor} has its place`;
      return `${paint.red("-")} ${code}  ${paint.dim(`(${why})`)}\n`;
    }),
    ...renamed.map(({ permission: { code }, to }) => `> ${code} to ${to}\n`),
    ...retired.map(
      ({ code, retired: since }) => `~ ${code}${since === true ? "" : `  ${paint.dim(`(in ${since})`)}`}\n`,
    ),
  ];
}
