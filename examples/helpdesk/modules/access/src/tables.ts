import type { Generated } from "kysely";

/** The tables of this module's schema. */
export interface Tables {
  readonly roles: {
    readonly name: string;
    readonly description: string;
  };
  readonly grants: {
    readonly role: string;
    readonly pattern: string;
    readonly effect: "allow" | "deny";
  };
  readonly assignments: {
    readonly user_id: string;
    readonly role: string;
    readonly assigned_at: Generated<Date>;
  };
  readonly revision: {
    readonly number: number;
  };
}
