/** The permission codes that the manifest of this module declares. */
export const Permission = {
  RoleRead: "access.role.read",
  RoleEdit: "access.role.edit",
  RoleAssign: "access.role.assign",
} as const;
