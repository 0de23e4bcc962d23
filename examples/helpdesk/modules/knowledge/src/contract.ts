import { type ServiceRef, service } from "@plinth/module";

/** A published article that may help somebody. */
export interface Suggestion {
  readonly title: string;
  /** The article's path on this platform. */
  readonly link: string;
}

/** The published articles, for other modules. */
export interface Articles {
  /** At most `limit` articles that share words with what somebody wrote, the closest first. */
  suggest(text: string, limit: number): Promise<readonly Suggestion[]>;
}

/** The published articles, for other modules. */
export const Articles: ServiceRef<Articles> = service<Articles>("knowledge.articles");
