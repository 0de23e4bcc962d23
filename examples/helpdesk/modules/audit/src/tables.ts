import type { Generated } from "kysely";

/** The tables of this module's schema. */
export interface Tables {
  readonly events: {
    readonly id: Generated<number>;
    readonly happened_at: Generated<Date>;
    readonly module: string;
    readonly action: string;
    readonly actor_id: string | null;
    readonly actor_name: string | null;
    readonly subject_type: string;
    readonly subject_id: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}
