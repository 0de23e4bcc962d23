import path from "node:path";
import { cacheFolder } from "../cache-folder.ts";

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

/** Commands that look at files and settings and at nothing else; asked again they give the same answer. */
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

/**
 * What is asked, where the answer can be kept; else `undefined`.
 *
 * @param program tells programs apart whose answers may differ.
 */
export function questionOf({ args, cwd, env, stdout }: Asker, program: string): Question | undefined {
  if (!isRepeatable(args)) return undefined;
  const folder = cacheFolder(env);
  if (folder === undefined) return undefined;
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
  if (!repeatable.has(first) && !repeatable.has(`${first} ${second}`)) return false;
  return args.every((word) => !word.startsWith("-") || harmless.test(word));
}

/** A short name for a text, by FNV-1a. Two texts may have the same one, so the text is compared too. */
function digest(text: string): string {
  let [low, high] = [0x811c9dc5, 0x1b873593];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return [low, high].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}
