import module from "node:module";
import path from "node:path";
import { questionOf } from "../answers/question.ts";
import { recall } from "../answers/recall.ts";
import { cacheFolder } from "../cache-folder.ts";
import { thisContext } from "../context.ts";
import type { runBundled } from "./run-bundled.ts";

/** Tells this bundle from others; the build puts it in. */
declare const bundleId: string;

/**
 * Runs the command of this process. An answer that is known and still right is given at once; otherwise the rest of
 * the bundle is loaded, as V8 has compiled it before. `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` have
 * their say first.
 *
 * @returns `false` for a command that does not run in the bundle, of which nothing was done.
 */
export async function start(): Promise<boolean> {
  const context = thisContext();
  const folder = cacheFolder(context.env);
  const cache = folder === undefined || wantsNoCache(context.args) ? undefined : { folder, program: bundleId };
  const question = cache && questionOf(context, cache);
  const answer = question === undefined ? undefined : recall(question);
  if (answer !== undefined) {
    if (answer.stdout !== "") context.stdout.write(answer.stdout);
    if (answer.stderr !== "") context.stderr.write(answer.stderr);
    process.exitCode = answer.code;
    return true;
  }
  if (folder !== undefined) module.enableCompileCache(path.join(folder, "compiled"));
  const program: { readonly runBundled: typeof runBundled } = module.createRequire(__filename)("./program.cjs");
  return program.runBundled(cache === undefined ? context : { ...context, cache }, question);
}

/** Whether the answer is to be found anew. What stands behind `--` is no option. */
function wantsNoCache(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).includes("--no-cache");
}
