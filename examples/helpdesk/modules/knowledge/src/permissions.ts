/** The permission codes that the manifest of this module declares. */
export const Permission = {
  ArticleWrite: "knowledge.article.write",
  ArticlePublish: "knowledge.article.publish",
} as const;
