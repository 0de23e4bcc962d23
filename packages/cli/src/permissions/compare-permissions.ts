import { locate } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import { collectPermissions, hasExpired } from "@plinth/permissions";
import type { Inspected } from "../inspected.ts";
import { diffPermissions, isLoss, type PermissionDiff } from "./diff-permissions.ts";
import { gitTree } from "./git-tree.ts";
import { permissionFacts } from "./listed-permissions.ts";
import { oldPermissions } from "./old-permissions.ts";

/** The difference, and what is wrong with it. */
export interface ComparedPermissions extends PermissionDiff {
  /** Rights that are taken away, and old manifests that cannot be read. */
  readonly problems: readonly PlatformError[];
}

/**
 * Compares what a platform declares with what it declared at a commit.
 *
 * @throws PlatformError `COMMAND_GIT`.
 */
export async function comparePermissions(
  { root, modules }: Pick<Inspected, "root" | "modules">,
  ref: string,
): Promise<ComparedPermissions> {
  const { permissions } = collectPermissions(permissionFacts(modules), locate);
  const before = await oldPermissions(await gitTree(root, ref), ref);
  const versions = new Map(modules.map(({ manifest: { name, version } }) => [name, version]));
  const difference = diffPermissions(before.permissions, permissions, ({ module, retired }) => {
    const version = versions.get(module);
    return version !== undefined && hasExpired(retired, version);
  });
  const losses = difference.removed
    .filter(isLoss)
    .map(({ permission: { code } }) => platformError("PERMISSION_REMOVED", { code, ref }));
  return { ...difference, problems: [...before.problems, ...losses] };
}
