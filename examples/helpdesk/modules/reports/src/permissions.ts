/** The permission codes that the manifest of this module declares. */
export const Permission = {
  SummaryRead: "reports.summary.read",
} as const;
