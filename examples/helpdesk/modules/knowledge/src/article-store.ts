import type { AuditTrail } from "@helpdesk/audit";
import { type Page, type PageQuery, pageOf } from "@helpdesk/paging";
import type { Database, Queries } from "@plinth/database";
import type { Principal } from "@plinth/permissions";
import { type Selectable, sql } from "kysely";
import type { ArticleText } from "./article.ts";
import { slugOf } from "./slug.ts";
import type { Tables } from "./tables.ts";

type Row = Selectable<Tables["articles"]>;

/** How often a slug that is taken is tried with another number behind it. */
const slugAttempts = 20;

/** The articles in the database. */
export class ArticleStore {
  readonly #db: Database;
  readonly #audit: AuditTrail;

  constructor(db: Database, audit: AuditTrail) {
    this.#db = db;
    this.#audit = audit;
  }

  find(slug: string): Promise<Row | undefined> {
    return this.#db.kysely<Tables>().selectFrom("articles").selectAll().where("slug", "=", slug).executeTakeFirst();
  }

  /** Drafts, the one that was worked on last first. */
  async drafts({
    limit,
    cursor = "0",
  }: PageQuery & { readonly limit: number }): Promise<Page<Pick<Row, "slug" | "title">>> {
    const rows = await this.#db
      .kysely<Tables>()
      .selectFrom("articles")
      .select(["slug", "title"])
      .where("published_at", "is", null)
      .orderBy("updated_at", "desc")
      .orderBy("id", "desc")
      .offset(Number(cursor))
      .limit(limit + 1)
      .execute();
    return pageOf(
      rows,
      limit,
      () => Number(cursor) + limit,
      (row) => row,
    );
  }

  /** Creates a draft; `undefined` when too many articles have that title. */
  async write({ title, body }: ArticleText, by: Principal): Promise<Row | undefined> {
    for (let attempt = 1; attempt <= slugAttempts; attempt++) {
      const slug = attempt === 1 ? slugOf(title) : `${slugOf(title)}-${attempt}`;
      const row = await this.#insert({ slug, title, body }, by);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  #insert(article: ArticleText & { readonly slug: string }, by: Principal): Promise<Row | undefined> {
    return this.#db.transaction(async (transaction) => {
      const row = await transaction
        .kysely<Tables>()
        .insertInto("articles")
        .values({ ...article, author_id: by.id })
        .onConflict((conflict) => conflict.column("slug").doNothing())
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined) await this.#record(transaction, "written", row.slug, by);
      return row;
    });
  }

  /** Changes title and text, the address stays. `undefined` when there is no such article. */
  change(slug: string, { title, body }: ArticleText, by: Principal): Promise<Row | undefined> {
    return this.#update(slug, { title, body, updated_at: sql<Date>`now()` }, "changed", by);
  }

  publish(slug: string, by: Principal): Promise<Row | undefined> {
    return this.#update(slug, { published_at: sql<Date>`coalesce(published_at, now())` }, "published", by);
  }

  /** Makes the article a draft again. */
  withdraw(slug: string, by: Principal): Promise<Row | undefined> {
    return this.#update(slug, { published_at: null }, "withdrawn", by);
  }

  #update(slug: string, values: object, what: string, by: Principal): Promise<Row | undefined> {
    return this.#db.transaction(async (transaction) => {
      const row = await transaction
        .kysely<Tables>()
        .updateTable("articles")
        .set(values)
        .where("slug", "=", slug)
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined) await this.#record(transaction, what, slug, by);
      return row;
    });
  }

  #record(transaction: Queries, what: string, slug: string, by: Principal): Promise<void> {
    return this.#audit.record(transaction, {
      action: `article.${what}`,
      actor: by,
      subject: { type: "article", id: slug },
    });
  }
}
