/** The permission codes that the manifest of this module declares. */
export const Permission = {
  UserList: "identity.user.list",
} as const;
