import path from "node:path";
import { type PlatformError, problemsOf } from "@plinth/module";
import { publicKeyOf } from "./keys.ts";

/** The keys of `plugins.trustedKeys` that are none; a plugin signed with one of them would seem to be by a stranger. */
export function checkTrustedKeys(keys: readonly string[], root: string): readonly PlatformError[] {
  const at = [{ file: path.join(root, "platform.yaml") }];
  return keys.flatMap((key, index) => {
    try {
      publicKeyOf(key, `entry ${index + 1} of plugins.trustedKeys`, at);
      return [];
    } catch (thrown) {
      const problems = problemsOf(thrown);
      if (problems.length === 0) throw thrown;
      return problems;
    }
  });
}
