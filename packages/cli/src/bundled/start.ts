import path from "node:path";
import { linesWith, withoutPrefix } from "../answers/completion-prefix.ts";
import { questionOf } from "../answers/question.ts";
import { recall } from "../answers/recall.ts";
import { cacheFolder } from "../cache-folder.ts";
import { type Context, type Output, thisContext } from "../context.ts";
import type { runBundled } from "./run-bundled.ts";

/** Tells this bundle from others; the build puts it in. */
declare const bundleId: string;

/** The version of the package, which the build puts in too. */
declare const bundleVersion: string;

/**
 * Runs the command of this process. An answer that is known and still right is given at once; otherwise the rest of
 * the bundle is loaded, as V8 has compiled it before. `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` have
 * their say first.
 *
 * @returns `false` for a command that does not run in the bundle, of which nothing was done.
 */
export async function start(): Promise<boolean> {
  const given = thisContext();
  if (given.args.length === 1 && /^(-V|--version)$/.test(given.args[0] ?? "")) {
    given.stdout.write(`${bundleVersion}\n`);
    return true;
  }
  const { cwd, env, outputClosed } = given;
  const { args, prefix } = withoutPrefix(given.args);
  const folder = cacheFolder(env);
  const cache = folder === undefined || wantsNoCache(args) ? undefined : { folder, program: bundleId };
  const context: Context = {
    args,
    cwd,
    env,
    stdout: showingOnly(prefix, given.stdout),
    // Is made when it is asked for.
    get stderr() {
      return given.stderr;
    },
    ...(cache === undefined ? {} : { cache }),
    ...(outputClosed === undefined ? {} : { outputClosed }),
  };
  const question = cache && questionOf(context, cache);
  const answer = question === undefined ? undefined : recall(question);
  if (answer !== undefined) {
    if (answer.stdout !== "") context.stdout.write(answer.stdout);
    if (answer.stderr !== "") context.stderr.write(answer.stderr);
    process.exitCode = answer.code;
    return true;
  }
  const module = process.getBuiltinModule("node:module");
  if (folder !== undefined) module.enableCompileCache(path.join(folder, "compiled"));
  const program: { readonly runBundled: typeof runBundled } = module.createRequire(__filename)("./program.cjs");
  return program.runBundled(context, question);
}

/** Writes only the lines that begin with a text; each write is made of whole lines. */
function showingOnly(prefix: string, stdout: Output): Output {
  return prefix === "" ? stdout : { write: (text) => stdout.write(linesWith(prefix, text)) };
}

/** Whether the answer is to be found anew. What stands behind `--` is no option. */
function wantsNoCache(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).includes("--no-cache");
}
