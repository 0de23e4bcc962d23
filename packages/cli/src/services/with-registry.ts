import type { ServiceRegistry } from "@plinth/discovery";
import { formatProblem, platformError, problemsOf } from "@plinth/module";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { type GlobalOptions, rootOf } from "../root.ts";
import type { RegistryOptions } from "./registry-options.ts";

/**
 * Opens the registry that the options and the settings name, and closes it when `use` has ended.
 *
 * @returns what `use` returns; `findings` when the registry or the settings are at fault, which is told on the standard error.
 * @throws PlatformError for what is wrong with the command line.
 */
export async function withRegistry(
  context: Context,
  options: RegistryOptions,
  use: (registry: ServiceRegistry) => Promise<ExitCode>,
): Promise<ExitCode> {
  const root = await rootIfAny(context, options);
  const assignments = options.set ?? [];
  for (const assignment of assignments) refuseOther(assignment);
  const { openDiscovery } = await import("@plinth/platform");
  try {
    const { registry } = await openDiscovery({
      ...(root === undefined ? {} : { root }),
      env: context.env,
      set: [...assignments, ...(options.driver === undefined ? [] : [`discovery.driver=${options.driver}`])],
      resolveTimeoutMs: options.timeout,
    });
    try {
      return await use(registry);
    } finally {
      await registry[Symbol.asyncDispose]();
    }
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0 || problems.some(({ code }) => code === "DISCOVERY_NOT_SHARED")) throw thrown;
    for (const problem of problems) context.stderr.write(`${formatProblem(problem)}\n`);
    return exitCode.findings;
  }
}

/** A service's name, as it is wanted on the command line. @throws PlatformError `COMMAND_USAGE`. */
export async function checkServiceName(name: string): Promise<string> {
  const { isServiceName } = await import("@plinth/discovery");
  if (isServiceName(name)) return name;
  const reason = `"${name}" cannot be the name of a service: lower-case letters, digits and hyphens, the first one a letter`;
  throw platformError("COMMAND_USAGE", { reason, help: "platformctl services --help" });
}

/** The platform's root; `undefined` outside of any, unless `-C` asks for one. */
async function rootIfAny(context: Context, options: GlobalOptions): Promise<string | undefined> {
  try {
    return await rootOf(context, options);
  } catch (thrown) {
    const outside = problemsOf(thrown).some(({ code }) => code === "SETTINGS_ROOT_MISSING");
    if (outside && options.root === undefined) return undefined;
    throw thrown;
  }
}

/** Other modules are not looked at, so that nobody could say whether a setting of theirs is right. */
function refuseOther(assignment: string): void {
  if (assignment.startsWith("discovery.")) return;
  const reason = `--set ${assignment} is none of the registry's settings, which begin with discovery`;
  throw platformError("COMMAND_USAGE", { reason, help: "platformctl services --help" });
}
