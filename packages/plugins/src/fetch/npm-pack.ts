import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { platformError } from "@plinth/module";

/** Where npm is run, and with what. */
export interface NpmContext {
  /** The folder whose .npmrc holds, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends npm. */
  readonly signal?: AbortSignal;
}

const longestMs = 5 * 60_000;
/** What a specification of a package, or a path, may consist of where a shell is in between, as on Windows. */
const harmless = /^[\w@.:/\\+~^#*<>= -]+$/;

/**
 * The archive that the installed npm makes of a folder or fetches for a package, with the settings and
 * the access of whoever runs it. No script of any package is run.
 *
 * @param spec a package, or the absolute path of a folder.
 * @throws PlatformError `PLUGIN_NPM` with what npm said.
 */
export async function npmPack(spec: string, { cwd, env, signal }: NpmContext): Promise<Buffer> {
  const failed = (reason: string, cause?: unknown) => platformError("PLUGIN_NPM", { spec, reason }, { cause });
  if (spec.startsWith("-") || !(process.platform === "win32" ? harmless.test(spec) : true)) {
    throw failed("this cannot be the name of a package");
  }
  const folder = mkdtempSync(path.join(tmpdir(), "plinth-npm-"));
  try {
    const args = ["pack", "--ignore-scripts", "--loglevel=error", `--pack-destination=${folder}`, "--", spec];
    const { code, complaints } = await run(args, cwd, env, signal).catch((cause: NodeJS.ErrnoException) => {
      throw failed(cause.code === "ENOENT" ? "npm is not installed here" : cause.message, cause);
    });
    const [archive] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    if (code !== 0 || archive === undefined) throw failed(complaints || `it ended with exit code ${code}`);
    return readFileSync(path.join(folder, archive));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(
  args: readonly string[],
  cwd: string,
  env: NpmContext["env"],
  signal: AbortSignal | undefined,
): Promise<{ readonly code: number | null; readonly complaints: string }> {
  const windows = process.platform === "win32";
  const limit = AbortSignal.timeout(longestMs);
  const child = spawn(windows ? "npm.cmd" : "npm", windows ? args.map((arg) => `"${arg}"`) : [...args], {
    cwd,
    env: {
      ...env,

      npm_config_update_notifier: "false",
      npm_config_ignore_scripts: "true",
    },
    stdio: ["ignore", "ignore", "pipe"],
    shell: windows,
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-20_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, complaints: explanation(complaints) };
}

/** The lines of npm that say what is wrong, without its own prefix and the place of its log. */
function explanation(text: string): string {
  const lines = text.split("\n").flatMap((line) => /^npm (?:error|ERR!)\s+(.*\S)/.exec(line)?.[1] ?? []);
  return lines
    .filter((line) => !/^code |complete log|^A complete/.test(line))
    .slice(0, 4)
    .join("; ");
}
