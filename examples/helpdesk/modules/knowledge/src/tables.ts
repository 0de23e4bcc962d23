import type { Generated } from "kysely";

/** The tables of this module's schema. */
export interface Tables {
  readonly articles: {
    readonly id: Generated<number>;
    readonly slug: string;
    readonly title: string;
    readonly body: string;
    readonly author_id: string;
    readonly created_at: Generated<Date>;
    readonly updated_at: Generated<Date>;
    readonly published_at: Date | null;
  };
}
