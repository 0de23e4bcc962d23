import { type Page, type PageQuery, pageOf } from "@helpdesk/paging";
import type { Database } from "@plinth/database";
import type { Articles, Suggestion } from "./contract.ts";

/** An article in a list. */
export interface FoundArticle {
  readonly slug: string;
  readonly title: string;
  /** The place that fits best, the words that were searched for between `**`; of a plain list the beginning. */
  readonly excerpt: string;
  readonly publishedAt: Date;
}

/** What is asked for: words as people type them into a search (`"exact words"`, `or`, `-without`), else all. */
export type SearchQuery = PageQuery & { readonly q?: string; readonly limit: number };

/** Published articles, found by PostgreSQL's full-text search. */
export class ArticleSearch implements Articles {
  readonly #db: Database;
  readonly #prefix: string;

  /** @param prefix the path under which articles are read. */
  constructor(db: Database, prefix: string) {
    this.#db = db;
    this.#prefix = prefix;
  }

  /** A page of what was found, the closest first; without words all articles, the latest first. */
  async search({ q, limit, cursor = "0" }: SearchQuery): Promise<Page<FoundArticle>> {
    const rows = q === undefined ? await this.#latest(limit + 1, cursor) : await this.#matching(q, limit + 1, cursor);
    return pageOf(
      rows,
      limit,
      () => Number(cursor) + limit,
      (row) => row,
    );
  }

  async suggest(text: string, limit: number): Promise<readonly Suggestion[]> {
    // Every word of a question is rarely in one article, so any will do and the rank decides.
    const { rows } = await this.#db.query<{ readonly slug: string; readonly title: string }>(
      `select slug, title
       from articles, cast(replace(plainto_tsquery('english', $1)::text, '&', '|') as tsquery) as wanted
       where words @@ wanted and published_at is not null
       order by ts_rank(words, wanted) desc, id desc
       limit $2`,
      [text, limit],
    );
    return rows.map(({ slug, title }) => ({ title, link: `${this.#prefix}/${slug}` }));
  }

  async #matching(q: string, limit: number, offset: string): Promise<readonly FoundArticle[]> {
    const { rows } = await this.#db.query<FoundArticle>(
      `select slug, title, published_at as "publishedAt", ts_headline(
         'english', body, wanted, 'StartSel=**, StopSel=**, MaxFragments=1, MinWords=8, MaxWords=24'
       ) as excerpt
       from articles, websearch_to_tsquery('english', $1) as wanted
       where words @@ wanted and published_at is not null
       order by ts_rank(words, wanted) desc, id desc
       limit $2 offset $3`,
      [q, limit, offset],
    );
    return rows;
  }

  async #latest(limit: number, offset: string): Promise<readonly FoundArticle[]> {
    const { rows } = await this.#db.query<FoundArticle>(
      `select slug, title, left(body, 160) as excerpt, published_at as "publishedAt"
       from articles
       where published_at is not null
       order by published_at desc, id desc
       limit $1 offset $2`,
      [limit, offset],
    );
    return rows;
  }
}
