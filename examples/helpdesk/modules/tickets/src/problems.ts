import { HttpProblem } from "@plinth/http";
import type { TicketState } from "./contract.ts";

/** The answer for a ticket that does not exist, and for one that somebody may not know of. */
export function noSuchTicket(typed: string, mayBeMistyped: boolean): HttpProblem {
  const hint = mayBeMistyped ? " Its check character does not fit, so it may be mistyped." : "";
  return new HttpProblem(404, `There is no ticket ${typed}.${hint}`);
}

/** The answer to what cannot be done with a ticket in its state. */
export function wrongState(reference: string, state: TicketState, mend: string): HttpProblem {
  return new HttpProblem(409, `The ticket ${reference} is ${state}: ${mend}.`, {
    type: "urn:helpdesk:problem:ticket-state",
    members: { state },
  });
}

/** The answer to somebody who assigns a ticket to a user who could not even read it. */
export function notAnAgent(): HttpProblem {
  return new HttpProblem(409, "The user could not read the ticket: only those who answer tickets can be responsible.", {
    type: "urn:helpdesk:problem:not-an-agent",
  });
}
