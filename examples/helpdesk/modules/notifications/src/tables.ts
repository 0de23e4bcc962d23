import type { Generated } from "kysely";

/** The tables of this module's schema. */
export interface Tables {
  readonly notifications: {
    readonly id: Generated<number>;
    readonly user_id: string;
    readonly kind: string;
    readonly message: string;
    readonly link: string;
    readonly created_at: Generated<Date>;
    readonly read_at: Date | null;
  };
}
