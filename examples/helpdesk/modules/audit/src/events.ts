import { type Page, type PageQuery, pageOf } from "@helpdesk/paging";
import type { Database } from "@plinth/database";
import type { Selectable } from "kysely";
import type { Tables } from "./tables.ts";

/** An entry of the trail as it is shown. */
export interface AuditEvent {
  readonly id: number;
  readonly at: Date;
  readonly module: string;
  readonly action: string;
  readonly actor: { readonly id: string; readonly name: string | null } | null;
  readonly subject: { readonly type: string; readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
}

/** Which entries are asked for; all where nothing is said. */
export interface EventQuery extends PageQuery {
  readonly action?: string;
  readonly actor?: string;
  readonly subjectType?: string;
  readonly subjectId?: string;
}

const defaultLimit = 50;

/** The entries that fit, the latest first. */
export async function listEvents(db: Database, query: EventQuery): Promise<Page<AuditEvent>> {
  const { limit = defaultLimit, cursor, action, actor, subjectType, subjectId } = query;
  let rows = db
    .kysely<Tables>()
    .selectFrom("events")
    .selectAll()
    .orderBy("id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) rows = rows.where("id", "<", Number(cursor));
  if (action !== undefined) rows = rows.where("action", "=", action);
  if (actor !== undefined) rows = rows.where("actor_id", "=", actor);
  if (subjectType !== undefined) rows = rows.where("subject_type", "=", subjectType);
  if (subjectId !== undefined) rows = rows.where("subject_id", "=", subjectId);
  return pageOf(await rows.execute(), limit, ({ id }) => id, view);
}

function view(row: Selectable<Tables["events"]>): AuditEvent {
  return {
    id: row.id,
    at: row.happened_at,
    module: row.module,
    action: row.action,
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name },
    subject: { type: row.subject_type, id: row.subject_id },
    details: row.details,
  };
}
