import { problemsOf } from "@plinth/module";
import { type VerifiedPlugins, verifyPlugins } from "@plinth/plugins";
import type { Inspected } from "../inspected.ts";
import { count } from "../output/problems.ts";
import { type Check, failed, passed } from "./check.ts";

/** Whether all plugins are as they were installed, and nobody else's folders are among them. */
export function checkPlugins({ root, settings }: Pick<Inspected, "root" | "settings">): Check {
  if (settings === undefined) return passed("plugins", "cannot be looked at while settings are wrong", "skipped");
  let verified: VerifiedPlugins;
  try {
    verified = verifyPlugins({ ...settings.platform.plugins, root });
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return failed("plugins", "cannot be looked at", problems);
  }
  const { plugins, strangers } = verified;
  const problems = [...plugins.flatMap((plugin) => plugin.problems), ...strangers];
  if (problems.length > 0) return failed("plugins", count(problems.length, "problem"), problems);
  if (plugins.length === 0) return passed("plugins", "there are none", "skipped");
  const unsigned = plugins.filter(({ isTrusted }) => !isTrusted).length;
  const remark = unsigned === 0 ? "all signed by trusted keys" : `${unsigned} not signed by a trusted key`;
  return passed("plugins", `${count(plugins.length, "plugin")} as installed, ${remark}`);
}
