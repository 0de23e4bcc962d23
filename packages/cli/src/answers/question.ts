import path from "node:path";
import type { Cache } from "../context.ts";
import { digest } from "./digest.ts";

/** A call of a command whose answer may be known already. */
export interface Question {
  /** Everything besides the disk that the answer depends on. */
  readonly key: string;
  /** Where the answer is kept, absolute. */
  readonly file: string;
  /** The only variables that the command gets to see. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The process, as far as an answer depends on it. */
export interface Asker {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number };
}

/** Commands besides help that look at files and settings and at nothing else: asked again they answer the same. */
const repeatable = new Set([
  "modules list",
  "modules show",
  "modules graph",
  "modules why",
  "modules validate",
  "permissions list",
  "permissions check",
  "config",
  "complete",
]);

/** The options of these that change nothing about that. */
const harmless = /^--(json|set|root|format|focus|depth|reverse|all|limit|module|at)(=|$)|^-C/;

const visible = new Set(["NO_COLOR", "TERM", "GITHUB_WORKSPACE"]);

/** What is asked, where the answer is one that can be kept; else `undefined`. */
export function questionOf({ args, cwd, env, stdout }: Asker, { folder, program }: Cache): Question | undefined {
  if (!isRepeatable(args)) return undefined;
  const seen = Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => visible.has(name) || name.startsWith("PLATFORM_"))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  const terminal = stdout.isTTY === true ? [stdout.columns ?? 0] : [];
  const key = JSON.stringify([program, process.version, cwd, args, seen, terminal]);
  return { key, file: path.join(folder, "answers", `${digest(key)}.json`), env: seen };
}

function isRepeatable(args: readonly string[]): boolean {
  const [first = "", second = ""] = args;
  // Of a line to be completed, all that follows is text.
  if (first === "complete") return true;
  if (first === "help" || args.includes("--help") || args.includes("-h")) return true;
  if (!repeatable.has(first) && !repeatable.has(`${first} ${second}`)) return false;
  return args.every((word) => !word.startsWith("-") || harmless.test(word));
}
