import type { PermissionInfo, PermissionMap } from "@plinth/permissions";

/** What a change does to the permissions of a platform, each list in the order of the catalogue. */
export interface PermissionDiff {
  readonly added: readonly PermissionInfo[];
  /** Old codes that have got a successor, or another one. */
  readonly renamed: readonly { readonly permission: PermissionInfo; readonly to: string }[];
  /** Codes that are retired now and were not before; those with a successor are among `renamed` too. */
  readonly retired: readonly PermissionInfo[];
  readonly removed: readonly RemovedPermission[];
}

/** A code that is not declared any more. */
export interface RemovedPermission {
  /** As it was. */
  readonly permission: PermissionInfo;
  /** The code that grants had followed, where that is still there. */
  readonly successor: string | undefined;
  /** Whether it had been retired, and its time is over by now. */
  readonly wasDue: boolean;
}

/** Compares two catalogues. `hasExpired` tells of an old code whether its time is over by now. */
export function diffPermissions(
  before: PermissionMap,
  after: PermissionMap,
  hasExpired: (permission: PermissionInfo) => boolean,
): PermissionDiff {
  const removed = [...before.values()].filter(({ code }) => !after.has(code));
  const kept = [...after.values()].flatMap((now) => {
    const old = before.get(now.code);
    return old === undefined ? [] : [{ now, old }];
  });
  return {
    added: [...after.values()].filter(({ code }) => !before.has(code)),
    renamed: kept.flatMap(({ now, old }) =>
      now.replacedBy === undefined || now.replacedBy === old.replacedBy
        ? []
        : [{ permission: now, to: now.replacedBy }],
    ),
    retired: kept.flatMap(({ now, old }) => (now.retired !== false && old.retired === false ? [now] : [])),
    removed: removed.map((permission) => ({
      permission,
      successor: successorIn(permission, before, after),
      wasDue: hasExpired(permission),
    })),
  };
}

/** Whether a removal takes away a right that somebody may have. */
export function isLoss({ successor, wasDue }: RemovedPermission): boolean {
  return successor === undefined && !wasDue;
}

/** The first of the successors that a code had which is still there. */
function successorIn(permission: PermissionInfo, before: PermissionMap, after: PermissionMap): string | undefined {
  let next = permission.replacedBy;
  for (let steps = before.size; next !== undefined && steps > 0; steps--) {
    if (after.has(next)) return next;
    next = before.get(next)?.replacedBy;
  }
  return undefined;
}
