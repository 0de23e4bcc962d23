/** The permission codes that the manifest of this module declares. */
export const Permission = {
  TicketOpen: "tickets.ticket.open",
  TicketRead: "tickets.ticket.read",
  TicketReadAll: "tickets.ticket.read-all",
  TicketReply: "tickets.ticket.reply",
  TicketAssign: "tickets.ticket.assign",
  TicketClose: "tickets.ticket.close",
  TicketReopen: "tickets.ticket.reopen",
} as const;
