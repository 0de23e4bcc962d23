import type { Generated } from "kysely";
import type { TicketState } from "./contract.ts";

/** The tables of this module's schema. */
export interface Tables {
  readonly tickets: {
    readonly id: Generated<number>;
    readonly reference: string;
    readonly subject: string;
    readonly body: string;
    readonly state: Generated<TicketState>;
    readonly customer_id: string;
    readonly assignee_id: string | null;
    readonly opened_at: Generated<Date>;
    readonly updated_at: Generated<Date>;
    readonly first_answered_at: Date | null;
    readonly first_answered_by: string | null;
    readonly closed_at: Date | null;
    readonly closed_by: string | null;
  };
  readonly replies: {
    readonly id: Generated<number>;
    readonly ticket_id: number;
    readonly author_id: string;
    readonly is_answer: boolean;
    readonly body: string;
    readonly written_at: Generated<Date>;
  };
}
