/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The `cursor` of the next page; `null` on the last one. */
  readonly next: string | null;
}

/** The part of a query that says which page is wanted. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** The form of a cursor that is a number, so that another one is refused before it meets the database. */
export const numberCursor = { type: "string", pattern: "^[1-9]\\d{0,14}$" } as const;

/** JSON Schema of a query for a page, with a list's own filters. At most 100 items are given at once. */
export function pageQuerySchema(filters: Readonly<Record<string, object>> = {}, cursor: object = numberCursor): object {
  const limit = { type: "integer", minimum: 1, maximum: 100 };
  return { type: "object", additionalProperties: false, properties: { limit, cursor, ...filters } };
}

/**
 * Makes a page of rows that were asked for with a limit one higher than the page's, so that it is
 * known whether there are more.
 *
 * @param cursorOf the cursor after a row: where a list that goes on behind that row begins.
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string | number,
  view: (row: Row) => Item,
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last !== undefined ? String(cursorOf(last)) : null;
  return { items: items.map(view), next };
}
