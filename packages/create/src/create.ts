import { type Context, type ExitCode, run } from "@plinth/cli";

/** Writes a new platform: `platformctl init` with the same arguments. Never rejects. */
export function create(context: Context): Promise<ExitCode> {
  return run({ ...context, args: ["init", ...context.args] });
}
