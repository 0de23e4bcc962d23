import type { PermissionInfo } from "@plinth/permissions";
import { fits } from "./pattern.ts";
import { grantsOf, type Role } from "./role.ts";

/** What a role says of a permission; `none` means denied too, unless another role allows it. */
export type Standing = "allow" | "deny" | "none";

/** Which role allows and denies what. */
export interface GrantMatrix {
  readonly roles: readonly string[];
  readonly rows: readonly {
    readonly permission: PermissionInfo;
    /** In the order of `roles`. */
    readonly standings: readonly Standing[];
  }[];
  /** Patterns that fit none of the permissions; most likely their module is gone. */
  readonly unused: readonly { readonly role: string; readonly pattern: string }[];
}

/** Lays roles out against permissions. */
export function matrixOf(roles: readonly Role[], permissions: readonly PermissionInfo[]): GrantMatrix {
  return {
    roles: roles.map(({ name }) => name),
    rows: permissions.map((permission) => ({
      permission,
      standings: roles.map((role) => standingOf(role, permission.code)),
    })),
    unused: roles.flatMap((role) =>
      grantsOf(role)
        .filter(({ pattern }) => !permissions.some(({ code }) => fits(pattern, code)))
        .map(({ pattern }) => ({ role: role.name, pattern })),
    ),
  };
}

function standingOf({ allow, deny }: Role, code: string): Standing {
  const fitting = (patterns: readonly string[]) => patterns.some((pattern) => fits(pattern, code));
  if (fitting(deny)) return "deny";
  return fitting(allow) ? "allow" : "none";
}
