/** The permission codes that the manifest of this module declares. */
export const Permission = {
  EventRead: "audit.event.read",
} as const;
