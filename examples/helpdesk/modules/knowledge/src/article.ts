import type { User, Users } from "@helpdesk/identity";
import type { Selectable } from "kysely";
import type { Tables } from "./tables.ts";

/** An article as it is shown. */
export interface Article {
  readonly slug: string;
  readonly title: string;
  readonly body: string;
  readonly author: Pick<User, "id" | "name">;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `null` for a draft. */
  readonly publishedAt: Date | null;
}

/** What an author writes. */
export type ArticleText = Pick<Article, "title" | "body">;

/** A row as it is shown, with its author's name. */
export async function viewArticle(row: Selectable<Tables["articles"]>, users: Users): Promise<Article> {
  const { slug, title, body, author_id: id } = row;
  const name = (await users.find([id])).get(id)?.name ?? "";
  return {
    slug,
    title,
    body,
    author: { id, name },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    publishedAt: row.published_at,
  };
}
