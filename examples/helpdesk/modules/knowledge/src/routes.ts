import type { Users } from "@helpdesk/identity";
import { type PageQuery, pageQuerySchema } from "@helpdesk/paging";
import { type Http, HttpProblem, missingPermission } from "@plinth/http";
import type { PermissionCatalogue } from "@plinth/permissions";
import { type ArticleText, viewArticle } from "./article.ts";
import type { ArticleSearch } from "./article-search.ts";
import type { ArticleStore } from "./article-store.ts";
import { Permission } from "./module.gen.ts";

const params = { type: "object", properties: { slug: { type: "string", maxLength: 100 } } };
const body = {
  type: "object",
  required: ["title", "body"],
  additionalProperties: false,
  properties: {
    title: { type: "string", minLength: 1, maxLength: 200, pattern: "\\S" },
    body: { type: "string", minLength: 1, maxLength: 100_000 },
  },
};
/** A cursor counts what came before; nobody reads a search to its thousandth hit. */
const cursor = { type: "string", pattern: "^\\d{1,3}$" };
const searchQuery = pageQuerySchema({ q: { type: "string", minLength: 1, maxLength: 200 } }, cursor);

interface BySlug {
  readonly Params: { readonly slug: string };
}

/** What the routes are made of. */
export interface RouteSources {
  readonly store: ArticleStore;
  readonly search: ArticleSearch;
  readonly users: Users;
  readonly permissions: PermissionCatalogue;
  readonly pageSize: number;
}

/** What everybody may read: the published articles. */
export function addReaderRoutes(http: Http, { store, search, users, pageSize }: RouteSources): void {
  http.get<{ Querystring: PageQuery & { readonly q?: string } }>(
    "/",
    { public: true, schema: { querystring: searchQuery } },
    ({ query }) => search.search({ limit: pageSize, ...query }),
  );

  http.get<BySlug>("/:slug", { public: true, schema: { params } }, async ({ params: { slug } }) => {
    const article = await store.find(slug);
    if (article?.published_at == null) throw noSuchArticle(slug);
    return viewArticle(article, users);
  });
}

/** What authors do. Drafts have addresses of their own, since the others answer without asking who reads. */
export function addAuthorRoutes(http: Http, { store, users, permissions, pageSize }: RouteSources): void {
  http.get<{ Querystring: PageQuery }>(
    "/drafts",
    { permission: Permission.ArticleWrite, schema: { querystring: pageQuerySchema({}, cursor) } },
    ({ query }) => store.drafts({ limit: pageSize, ...query }),
  );

  http.get<BySlug>(
    "/drafts/:slug",
    { permission: Permission.ArticleWrite, schema: { params } },
    async ({ params: { slug } }) => {
      const article = await store.find(slug);
      if (article === undefined || article.published_at !== null) throw noSuchArticle(slug);
      return viewArticle(article, users);
    },
  );

  http.post<{ Body: ArticleText }>(
    "/",
    { permission: Permission.ArticleWrite, schema: { body } },
    async ({ body, principal }, reply) => {
      const article = await store.write(body, principal);
      if (article === undefined) throw new HttpProblem(409, "Too many articles have this title: choose another.");
      reply.code(201).header("location", `${http.prefix}/drafts/${article.slug}`);
      return viewArticle(article, users);
    },
  );

  http.put<BySlug & { Body: ArticleText }>(
    "/:slug",
    { permission: Permission.ArticleWrite, schema: { params, body } },
    async ({ params: { slug }, body, principal }) => {
      const before = await store.find(slug);
      const isPublished = before !== undefined && before.published_at !== null;
      // To change what everybody reads is to publish it.
      if (isPublished && !(await permissions.can(principal, Permission.ArticlePublish))) {
        throw missingPermission(Permission.ArticlePublish);
      }
      return viewArticle((await store.change(slug, body, principal)) ?? notThere(slug), users);
    },
  );

  http.post<BySlug>(
    "/:slug/publish",
    { permission: Permission.ArticlePublish, schema: { params } },
    async ({ params: { slug }, principal }) =>
      viewArticle((await store.publish(slug, principal)) ?? notThere(slug), users),
  );

  http.post<BySlug>(
    "/:slug/withdraw",
    { permission: Permission.ArticlePublish, schema: { params } },
    async ({ params: { slug }, principal }) =>
      viewArticle((await store.withdraw(slug, principal)) ?? notThere(slug), users),
  );
}

function notThere(slug: string): never {
  throw noSuchArticle(slug);
}

function noSuchArticle(slug: string): HttpProblem {
  return new HttpProblem(404, `There is no article ${slug}.`);
}
