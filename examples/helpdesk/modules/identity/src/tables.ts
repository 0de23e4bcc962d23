import type { Generated } from "kysely";

/** The tables of this module's schema. */
export interface Tables {
  readonly users: {
    readonly id: Generated<string>;
    readonly email: string;
    readonly name: string;
    readonly password_hash: string;
    readonly seeded_role: string | null;
    readonly created_at: Generated<Date>;
  };
  readonly sessions: {
    readonly id: Generated<string>;
    readonly user_id: string;
    readonly token_hash: string;
    readonly created_at: Generated<Date>;
    readonly expires_at: Date;
  };
}
